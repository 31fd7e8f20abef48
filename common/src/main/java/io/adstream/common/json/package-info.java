/** Records as JSON. */
@NullMarked
package io.adstream.common.json;

import org.jspecify.annotations.NullMarked;
