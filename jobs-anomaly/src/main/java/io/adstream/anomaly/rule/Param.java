package io.adstream.anomaly.rule;

/**
 * A number that a rule can be set to.
 *
 * @param name as in {@code params} of a record of topic {@code control}
 * @param standard its value where nobody sets it
 * @param least the least value that is allowed
 * @param most the greatest value that is allowed
 * @param whole whether only whole numbers are allowed
 * @param meaning for people, with the unit
 */
public record Param(
        String name, double standard, double least, double most, boolean whole, String meaning) {

    static Param number(String name, double standard, double least, double most, String meaning) {
        return new Param(name, standard, least, most, false, meaning);
    }

    static Param whole(String name, long standard, long least, long most, String meaning) {
        return new Param(name, standard, least, most, true, meaning);
    }

    /** Whether a value may be set. */
    public boolean allows(double value) {
        return value >= least && value <= most && (!whole || value == Math.rint(value));
    }

    /** What is allowed, as an English noun phrase. */
    public String allowed() {
        return (whole ? "a whole number from " : "a number from ")
                + text(least)
                + " to "
                + text(most);
    }

    /** A value without needless decimals. */
    public static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
