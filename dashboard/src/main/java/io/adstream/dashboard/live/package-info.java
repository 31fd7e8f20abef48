/** What is shown, kept fresh once for everybody who looks at it. */
@NullMarked
package io.adstream.dashboard.live;

import org.jspecify.annotations.NullMarked;
