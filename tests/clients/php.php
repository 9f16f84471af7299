<?php
// EasyRdf: php php.php CLIENT BASE SELECT CONSTRUCT
// Prints as JSON what the client got, by what it was asked: rows as lists, triples as subject, predicate, value.
error_reporting(E_ALL & ~E_DEPRECATED);
require 'EasyRdf/autoload.php';

[, , $base, $select, $construct] = $argv;

function triples(EasyRdf\Graph $graph): array
{
    $found = [];
    foreach ($graph->toRdfPhp() as $subject => $properties) {
        foreach ($properties as $property => $values) {
            foreach ($values as $value) {
                $found[] = [$subject, $property, $value['value']];
            }
        }
    }
    return $found;
}

$client = new EasyRdf\Sparql\Client("$base/sparql");
$rows = [];
foreach ($client->query($select) as $row) {
    $rows[] = [(string) $row->state, (string) $row->label];
}
$name = "$base/id/state/CHN";
$graph = EasyRdf\Graph::newAndLoad($name);
echo json_encode(
    ['select' => $rows, 'construct' => triples($client->query($construct)), 'name' => triples($graph)],
    JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR
);
