/** An environment (a managed Docker engine; Portainer's API says endpoint) as the feed tells it. */
import { z } from 'zod';
import { maintenanceSchema } from './maintenance.ts';

export const engineFactsSchema = z.object({
  /** `podman` when the engine says so in its version components. */
  kind: z.enum(['docker', 'podman']),
  version: z.string(),
  apiVersion: z.string(),
  hostName: z.string(),
  operatingSystem: z.string(),
  architecture: z.string(),
  cpus: z.number(),
  memoryBytes: z.number(),
});

export const environmentSchema = z.object({
  id: z.number(),
  name: z.string(),
  kind: z.enum(['socket', 'tcp', 'agent', 'edge-agent']),
  /** As a person would type it: unix:///var/run/docker.sock, tcp://10.0.0.7:9001. */
  address: z.string(),
  connection: z.enum(['connecting', 'up', 'down']),
  /** When `connection` took its present value. */
  sinceMs: z.number(),
  /** Why it is down, as a sentence; null otherwise. */
  reason: z.string().nullable(),
  /** Null until the engine answered once. */
  engine: engineFactsSchema.nullable(),
  /** When the engine last proved that it is alive; the age of everything we show of it. Null if never. */
  lastSeenAtMs: z.number().nullable(),
  /** What an administrator tagged it with, in order; empty where nobody keeps tags. */
  tags: z.array(z.string()).default([]),
  /** While somebody works on it; absent while nobody does. */
  maintenance: maintenanceSchema.optional(),
  /** The actions (permission.ts) that the account of the reader may do here; absent where all, or nobody knows. */
  may: z.array(z.string()).optional(),
  /** Which of these it may do with what belongs to nobody, as the environment itself; absent where it is all of them. */
  mayInCommon: z.array(z.string()).optional(),
});

export type EngineFacts = Readonly<z.infer<typeof engineFactsSchema>>;
export type Environment = Readonly<z.infer<typeof environmentSchema>>;
