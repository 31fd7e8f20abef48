package io.adstream.features.retarget;

/** Why a user is worth addressing again. */
public enum SignalType {
    /** Something was put into the cart and nothing was bought for a while. */
    CART_ABANDONED,
    /** One product was looked at again and again and was not bought. */
    REPEATED_VIEW
}
