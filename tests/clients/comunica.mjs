// Asks a SPARQL endpoint through Comunica and prints the rows as JSON: node comunica.mjs ENDPOINT QUERY
import { QueryEngine } from "@comunica/query-sparql";

const [endpoint, query] = process.argv.slice(2);
const sources = [{ type: "sparql", value: endpoint }];
const rows = await (await new QueryEngine().queryBindings(query, { sources })).toArray();
const row = (bindings) => Object.fromEntries([...bindings].map(([name, term]) => [name.value, term.value]));
console.log(JSON.stringify(rows.map(row)));
