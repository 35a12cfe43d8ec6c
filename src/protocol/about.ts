/** How a console tells our server from a genuine Portainer one, and what the programs call themselves. */
import { z } from 'zod';

export const PRODUCT_VERSION = '0.1.0';

/** The Portainer release whose REST and agent APIs we speak (portainer-protocol.md section 0). */
export const PORTAINER_VERSION = '2.23.0';

/** Public, without credentials. Portainer answers 404 here. */
export const ABOUT_PATH = '/api/fleet/about';

export const aboutSchema = z.object({
  product: z.literal('fleet-server'),
  version: z.string(),
  instanceId: z.string(),
});

export type About = Readonly<z.infer<typeof aboutSchema>>;
