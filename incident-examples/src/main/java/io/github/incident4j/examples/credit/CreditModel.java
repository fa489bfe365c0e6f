// SPDX-License-Identifier: Apache-2.0
package io.github.incident4j.examples.credit;

import io.github.incident4j.examples.credit.CreditData.Customer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.tribuo.Example;
import org.tribuo.Model;
import org.tribuo.MutableDataset;
import org.tribuo.Trainer;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.ensemble.FullyWeightedVotingCombiner;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.classification.sgd.objectives.LogMulticlass;
import org.tribuo.ensemble.BaggingTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;

/**
 * A version of the credit model. Neither version sees age, personal status (which names the sex) or whether somebody is
 * a foreign worker; that alone protects no group, as the story shows. Immutable.
 */
final class CreditModel {
    private static final Logger TRIBUO = Logger.getLogger("org.tribuo"); // held, or its level would be forgotten
    private static final String DEFAULT = "default";
    private static final String REPAID = "repaid";
    private static final LabelFactory LABELS = new LabelFactory();
    private static final Set<Variable> NEVER_SEEN =
            EnumSet.of(Variable.AGE, Variable.PERSONAL_STATUS, Variable.FOREIGN_WORKER);
    private static final double LEARNING_RATE = 0.05;
    private static final int BATCH = 16;
    private static final int EPOCHS = 30;
    private static final int MEMBERS = 20;

    static {
        TRIBUO.setLevel(Level.WARNING); // the terminal is for the story
    }

    private final String version;
    private final String description;
    private final Set<Variable> variables;
    private final Model<Label> model;

    private CreditModel(String version, String description, Set<Variable> variables, Model<Label> model) {
        this.version = version;
        this.description = description;
        this.variables = variables;
        this.model = model;
    }

    /** The previous version: a logistic regression on the six variables of the classic scorecard. */
    static CreditModel trainV7(List<Customer> customers, long seed) {
        Set<Variable> variables = EnumSet.of(
                Variable.STATUS,
                Variable.MONTH,
                Variable.CREDIT_HISTORY,
                Variable.CREDIT_AMOUNT,
                Variable.SAVINGS,
                Variable.EMPLOYMENT);
        return train("v7", "logistic regression", variables, logistic(seed), customers);
    }

    /** The present version: the mean of 20 logistic regressions, each on a resample, on all variables but three. */
    static CreditModel trainV8(List<Customer> customers, long seed) {
        Set<Variable> variables = EnumSet.complementOf(EnumSet.copyOf(NEVER_SEEN));
        Trainer<Label> bagging = new BaggingTrainer<>(logistic(seed), new FullyWeightedVotingCombiner(), MEMBERS, seed);
        return train("v8", MEMBERS + " bagged logistic regressions", variables, bagging, customers);
    }

    private static Trainer<Label> logistic(long seed) {
        return new LinearSGDTrainer(
                new LogMulticlass(), new AdaGrad(LEARNING_RATE), EPOCHS, Integer.MAX_VALUE, BATCH, seed);
    }

    private static CreditModel train(
            String version,
            String description,
            Set<Variable> variables,
            Trainer<Label> trainer,
            List<Customer> customers) {
        MutableDataset<Label> examples =
                new MutableDataset<>(new SimpleDataSourceProvenance("credit customers", LABELS), LABELS);
        for (Customer customer : customers) {
            examples.add(example(
                    new Label(customer.defaulted() ? DEFAULT : REPAID),
                    FeaturePipeline.RELEASE_4_1.features(customer.application(), variables)));
        }
        return new CreditModel(version, description, variables, trainer.train(examples));
    }

    /** Scores an application by what the pipeline makes of it. */
    Score score(Application application, FeaturePipeline pipeline) {
        Example<Label> example = example(LabelFactory.UNKNOWN_LABEL, pipeline.features(application, variables));
        Label label = model.predict(example).getOutputScores().get(DEFAULT);
        if (label == null) {
            throw new IllegalStateException("model " + version + " has never seen a default");
        }
        return Score.of(label.getScore());
    }

    /** How often the model says rightly who will default, the more probable outcome being its word. */
    double accuracy(List<Customer> customers) {
        long right = customers.stream()
                .filter(customer -> score(customer.application(), FeaturePipeline.RELEASE_4_1)
                                        .probabilityOfDefault()
                                > 0.5
                        == customer.defaulted())
                .count();
        return (double) right / customers.size();
    }

    private static Example<Label> example(Label label, Map<String, Double> features) {
        List<String> names = new ArrayList<>(features.keySet());
        double[] values =
                features.values().stream().mapToDouble(Double::doubleValue).toArray();
        return new ArrayExample<>(label, names.toArray(String[]::new), values);
    }

    /** The version's name, which is also its route's. */
    String version() {
        return version;
    }

    /** What kind of model it is and what it sees. */
    String description() {
        return description + " on " + variables.size() + " variables";
    }
}
