/** The engine that the agent serves, as an Engine, before it was found: until then every call fails with the reason. */
import type { Engine } from '../../docker/engine.ts';
import type { EngineRoute } from '../../docker/route.ts';
import type { DockerHealth } from '../docker-health.ts';

/** Asks `docker` for its route at the first call that finds one. */
export function foundEngine(docker: DockerHealth, over: (route: EngineRoute) => Engine): Engine {
  let engine: Engine | undefined;
  const found = () => {
    engine ??= over(docker.route());
    return engine;
  };
  return {
    get address() {
      return docker.state.address ?? 'the engine of this machine';
    },
    ping: async (signal) => await found().ping(signal),
    facts: async (signal) => await found().facts(signal),
    list: async (ids, signal) => await found().list(ids, signal),
    async *events(signal, onOpen) {
      yield* found().events(signal, onOpen);
    },
    inspect: async (id, signal) => await found().inspect(id, signal),
    past: async (id, signal) => await found().past(id, signal),
    diskUsage: async (signal) => await found().diskUsage(signal),
    stats: async (id, signal) => await found().stats(id, signal),
    top: async (id, signal) => await found().top(id, signal),
    async *logs(id, request, signal) {
      yield* found().logs(id, request, signal);
    },
    act: async (id, action, options, signal) => await found().act(id, action, options, signal),
    spec: async (id, signal) => await found().spec(id, signal),
    create: async (spec, signal) => await found().create(spec, signal),
    exec: async (id, request, signal) => await found().exec(id, request, signal),
    attach: async (id, request, signal) => await found().attach(id, request, signal),
  };
}
