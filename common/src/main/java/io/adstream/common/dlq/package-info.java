/** Dead letters: rejected records on their way to the topic's {@code .dlq}. */
package io.adstream.common.dlq;
