package io.adstream.dashboard.live;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A view with all its parameters: what is the same for two people is made once.
 *
 * @param view the view
 * @param parameters the value of each of its parameters, in their order
 */
public record Query(@JsonIgnore View view, Map<String, String> parameters) {

    public Query {
        parameters = Map.copyOf(parameters);
    }

    /**
     * Reads the parameters of a request.
     *
     * @throws BadParameterException where one is unknown or not allowed
     */
    public static Query of(View view, Map<String, String> given) {
        Map<String, String> values = new LinkedHashMap<>();
        List<Parameter> known = view.parameters();
        for (String name : given.keySet()) {
            if (known.stream().noneMatch(parameter -> parameter.name().equals(name))) {
                throw new BadParameterException(name, "is no parameter of " + view.name());
            }
        }
        for (Parameter parameter : known) {
            values.put(parameter.name(), parameter.read(given.get(parameter.name())));
        }
        Query query = new Query(view, values);
        view.check(query);
        return query;
    }

    /** The value of a parameter. */
    public String text(String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }

    /** The value of a parameter that is a number. */
    public int integer(String name) {
        return Integer.parseInt(text(name));
    }
}
