/** dockerode itself, over one of our routes. */
import Docker from 'dockerode';
import type { EngineRoute } from './route.ts';
import { routeModem } from './route-modem.ts';

/** A dockerode whose every call takes the route. */
export function routeDocker(route: EngineRoute): Docker {
  return new Docker({ modem: routeModem(route) } as Docker.DockerOptions);
}
