# Clients in Perl: perl perl.pl CLIENT BASE SELECT CONSTRUCT
# Prints as JSON what the client got, by what it was asked: rows as lists, triples as subject, predicate, value.
use strict;
use warnings;
use JSON::PP;

my ($client, $base, $select, $construct) = @ARGV;
my ($endpoint, $name) = ("$base/sparql", "$base/id/state/CHN");

sub text {
    my ($term) = @_;
    return $term->can('uri_value') && $term->is_resource ? $term->uri_value
        : $term->is_literal ? $term->literal_value : $term->as_string;
}

my %clients = (
    'RDF::Trine' => sub {
        require RDF::Trine;
        my $store = RDF::Trine::Store->new_with_config({ storetype => 'SPARQL', url => $endpoint });
        my $rows = $store->get_sparql($select);
        my @select;
        while (my $row = $rows->next) {
            push @select, [map { text($row->{$_}) } qw(state label)];
        }
        my $model = RDF::Trine::Model->temporary_model;
        RDF::Trine::Parser->parse_url_into_model($name, $model);
        my @name;
        my $all = $model->as_stream;
        while (my $statement = $all->next) {
            push @name, [map { text($_) } ($statement->nodes)[0 .. 2]];
        }
        return { select => \@select, name => \@name };
    },
    'RDF::Query::Client' => sub {
        require RDF::Query::Client;
        my $found = RDF::Query::Client->new($select)->execute($endpoint);
        my @select;
        while (my $row = $found->next) {
            push @select, [map { text($row->{$_}) } qw(state label)];
        }
        return { select => \@select };
    },
    'Attean' => sub {
        require Attean;
        require LWP::UserAgent;
        my $response = LWP::UserAgent->new->get($name, Accept => Attean->acceptable_parsers);
        die $response->status_line unless $response->is_success;
        my $class = Attean->get_parser(media_type => scalar $response->content_type);
        my $found = $class->new(base => Attean::IRI->new($name))->parse_iter_from_bytes($response->content);
        my @name;
        while (my $statement = $found->next) {
            push @name, [map { $_->value } ($statement->subject, $statement->predicate, $statement->object)];
        }
        return { name => \@name };
    },
);
print JSON::PP->new->utf8->encode($clients{$client}->());
