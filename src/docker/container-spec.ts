/**
 * What makes a container again: the body of POST /containers/create, read from its inspection. What it wrote and its
 * anonymous volumes are not in it.
 */
import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { type Loose, looseObject, looseText } from './loose.ts';

export interface ContainerSpec {
  readonly name: string;
  readonly body: Loose;
  /** Networks besides the first one, which an old engine takes only after the creation. */
  readonly moreNetworks: readonly (readonly [name: string, endpoint: Loose])[];
  /** Whether it ran, so that it is started again. */
  readonly isRunning: boolean;
}

/** The spec of an inspected container. Never throws; a field that is missing is left to the engine. */
export function specOf(info: ContainerInspectInfo): ContainerSpec {
  const config = looseObject(info.Config);
  const hostConfig = looseObject(info.HostConfig);
  const mode = looseText(hostConfig.NetworkMode);
  const networks = Object.entries(looseObject(looseObject(info.NetworkSettings).Networks));
  const isOwn = !/^(container:|host$|none$)/.test(mode);
  const endpoints = isOwn
    ? networks.map(
        ([name, endpoint]) => [name, endpointOf(looseObject(endpoint), info.Id)] as const,
      )
    : [];
  const at = Math.max(
    0,
    endpoints.findIndex(([name]) => name === mode),
  );
  const first = endpoints[at];
  const { Hostname: hostname, ExposedPorts: exposed, MacAddress: _, ...rest } = config;
  const isGuest = mode.startsWith('container:');
  const isNamedById = info.Id.startsWith(looseText(hostname));
  return {
    name: info.Name.replace(/^\//, ''),
    body: {
      ...rest,
      ...(isGuest || isNamedById ? {} : { Hostname: hostname }),
      ...(isGuest ? {} : { ExposedPorts: exposed }),
      HostConfig: hostConfig,
      ...(first && { NetworkingConfig: { EndpointsConfig: Object.fromEntries([first]) } }),
    },
    moreNetworks: endpoints.filter((_, index) => index !== at),
    isRunning: info.State?.Running === true,
  };
}

/** What a person asked of a network; addresses that the engine gave are not asked for again. */
function endpointOf(endpoint: Loose, id: string): Loose {
  const { IPAMConfig, Links, DriverOpts, Aliases } = endpoint;
  const aliases = Array.isArray(Aliases) ? Aliases.filter((alias) => !id.startsWith(alias)) : null;
  return { IPAMConfig, Links, DriverOpts, Aliases: aliases };
}

/** Creates the container, joins its networks and starts it if it ran; resolves to its id. A half-made one is removed again. */
export async function createFrom(
  docker: Docker,
  spec: ContainerSpec,
  abortSignal: AbortSignal,
): Promise<string> {
  const body = { ...spec.body, name: spec.name, abortSignal };
  const container = await docker.createContainer(body as Docker.ContainerCreateOptions);
  try {
    for (const [name, EndpointConfig] of spec.moreNetworks) {
      const joining = { Container: container.id, EndpointConfig, abortSignal };
      await docker.getNetwork(name).connect(joining as Docker.NetworkConnectOptions);
    }
    if (spec.isRunning) await container.start({ abortSignal });
    return container.id;
  } catch (error) {
    await container.remove({ force: true }).catch(() => undefined);
    throw error;
  }
}
