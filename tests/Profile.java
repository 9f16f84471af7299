import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.IRI;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyManager;
import org.semanticweb.owlapi.profiles.Profiles;
import org.semanticweb.owlapi.util.SimpleIRIMapper;

/**
 * Reads ontologies as Protégé does, each with what it imports, and prints what leaves a profile.
 *
 * Arguments are pairs of an IRI and the file that it stands for. Each file is read in a manager of its own,
 * so that nothing is known of the others but by owl:imports. A line is: file, profile, violation; the last one
 * says how many files were read.
 */
public class Profile {
    public static void main(String[] arguments) throws Exception {
        List<SimpleIRIMapper> files = new ArrayList<>();
        for (int i = 0; i < arguments.length; i += 2) {
            files.add(new SimpleIRIMapper(IRI.create(arguments[i]), IRI.create(new File(arguments[i + 1]))));
        }
        for (int i = 1; i < arguments.length; i += 2) {
            OWLOntologyManager manager = OWLManager.createOWLOntologyManager();
            files.forEach(file -> manager.getIRIMappers().add(file));
            OWLOntology ontology = manager.loadOntologyFromOntologyDocument(new File(arguments[i]));
            for (Profiles profile : List.of(Profiles.OWL2_DL, Profiles.OWL2_RL)) {
                TreeSet<String> lines = new TreeSet<>();
                profile.checkOntology(ontology).getViolations().forEach(found -> lines.add(found.toString()));
                for (String line : lines) {
                    String name = new File(arguments[i]).getName();
                    System.out.println(name + "\t" + profile + "\t" + line.replace("\n", " "));
                }
            }
        }
        System.out.println(arguments.length / 2 + " read");
    }
}
