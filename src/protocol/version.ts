/** What the programs call themselves, apart from schemas so that a small program need not carry those. */

export const PRODUCT_VERSION = '0.1.0';

/** The Portainer release whose REST, agent and edge APIs we speak. */
export const PORTAINER_VERSION = '2.23.0';
