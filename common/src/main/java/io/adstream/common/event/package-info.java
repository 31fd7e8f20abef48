/** The input records: their contract, the parser, and the codes of rejection. */
@NullMarked
package io.adstream.common.event;

import org.jspecify.annotations.NullMarked;
