/** What serializers and types of the jobs have in common. */
@NullMarked
package io.adstream.common.type;

import org.jspecify.annotations.NullMarked;
