/** Test support that every module shares. It knows nothing of the code under test. */
@NullMarked
package io.adstream.testing;

import org.jspecify.annotations.NullMarked;
