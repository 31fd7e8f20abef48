/** Money and ratios in integers. */
@NullMarked
package io.adstream.common.money;

import org.jspecify.annotations.NullMarked;
