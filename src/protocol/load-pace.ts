/** How many loads of an environment a feed and its readers keep: ten minutes at the usual pace. */
export const KEPT_LOADS = 60;
