// Clients in JavaScript: node node.mjs CLIENT BASE SELECT CONSTRUCT
// Prints as JSON what the client got, by what it was asked: rows as lists, triples as subject, predicate, value.
const [client, base, select, construct] = process.argv.slice(2);
const endpoint = `${base}/sparql`;
const name = `${base}/id/state/CHN`;
const columns = ["state", "label"];

const triple = (quad) => [quad.subject.value, quad.predicate.value, quad.object.value];
const row = (bindings) => columns.map((column) => bindings[column].value);
const all = async (stream) => {
  const found = [];
  for await (const item of stream) found.push(item);
  return found;
};

const clients = {
  async Comunica() {
    const { QueryEngine } = await import("@comunica/query-sparql");
    const engine = new QueryEngine();
    const sources = [{ type: "sparql", value: endpoint }];
    const rows = await (await engine.queryBindings(select, { sources })).toArray();
    const everything = "CONSTRUCT WHERE { ?s ?p ?o }";
    return {
      select: rows.map((found) => columns.map((column) => found.get(column).value)),
      construct: (await all(await engine.queryQuads(construct, { sources }))).map(triple),
      name: (await all(await engine.queryQuads(everything, { sources: [name] }))).map(triple),
    };
  },
  async "fetch-sparql-endpoint"() {
    const { SparqlEndpointFetcher } = await import("fetch-sparql-endpoint");
    const fetcher = new SparqlEndpointFetcher();
    return {
      select: (await all(await fetcher.fetchBindings(endpoint, select))).map(row),
      construct: (await all(await fetcher.fetchTriples(endpoint, construct))).map(triple),
    };
  },
  async "sparql-http-client"() {
    const { default: ParsingClient } = await import("sparql-http-client/ParsingClient.js");
    const asked = new ParsingClient({ endpointUrl: endpoint });
    return {
      select: (await asked.query.select(select)).map(row),
      construct: [...(await asked.query.construct(construct))].map(triple),
    };
  },
  async "sparql-client-2"() {
    const { default: sparql } = await import("sparql-client-2");
    const found = await new sparql.SparqlClient(endpoint).query(select).execute();
    return { select: found.results.bindings.map(row) };
  },
  async "N3.js"() {
    const { Parser } = await import("n3");
    const response = await fetch(name, { headers: { accept: "text/turtle" } });
    return { name: new Parser({ baseIRI: name }).parse(await response.text()).map(triple) };
  },
  async "jsonld.js"() {
    const { default: jsonld } = await import("jsonld");
    return { name: (await jsonld.toRDF(name, { documentLoader: jsonld.documentLoaders.node() })).map(triple) };
  },
  async "rdf-dereference"() {
    const { rdfDereferencer } = await import("rdf-dereference");
    const { data } = await rdfDereferencer.dereference(name, { localFiles: false });
    const quads = await all(data);  // N-Quads: the default graph holds what the formats for graphs do
    return { name: quads.filter((quad) => quad.graph.termType === "DefaultGraph").map(triple) };
  },
  async "rdf-ext"() {
    const { default: rdf } = await import("rdf-ext");
    const response = await rdf.fetch(name);
    return { name: [...(await response.dataset())].map(triple) };
  },
  async axios() {
    const { default: axios } = await import("axios");
    const { data } = await axios.get(`${base}/queries/states-and-their-identifiers.rows`);
    return { question: data.map((found) => [found.state, found.stateLabel]) };
  },
};

const found = await clients[client]();
// some hold sockets open for a while, which nobody waits for
process.stdout.write(JSON.stringify(found), () => process.exit(0));
