package io.adstream.common.redis;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.jspecify.annotations.Nullable;

/**
 * Which Redis holds what an operator has written: notices when another one answers, one that was
 * started anew and may have come back empty. Part of the operator's state, so that a job that was
 * away knows what it finds.
 */
public final class RedisEpoch {

    private final ListState<String> state;
    private @Nullable String identity;

    private RedisEpoch(ListState<String> state, @Nullable String identity) {
        this.state = state;
        this.identity = identity;
    }

    /**
     * What the state says: the server that holds what was written, if all subtasks agree that it
     * does.
     */
    public static RedisEpoch restore(StateInitializationContext context) throws Exception {
        ListState<String> state =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>("redis-identity", Types.STRING));
        Set<String> identities = new HashSet<>();
        state.get().forEach(identities::add);
        String identity = identities.size() == 1 ? identities.iterator().next() : "";
        return new RedisEpoch(state, identity.isEmpty() ? null : identity);
    }

    /**
     * Takes note of who answers.
     *
     * @param seen an element of {@link RedisIdentities}
     * @return whether it is another server than the one known
     */
    public boolean begins(String seen) {
        if (seen.equals(identity)) {
            return false;
        }
        identity = seen;
        return true;
    }

    /**
     * Writes the state.
     *
     * @param complete whether the server that answers has been sent all that it should hold
     */
    public void snapshot(boolean complete) throws Exception {
        String known = identity;
        state.update(List.of(known == null || !complete ? "" : known));
    }
}
