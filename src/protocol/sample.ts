/** What one container used at one moment: the server's and the engine's figures, in units that need no context. */
import { z } from 'zod';

/** Bytes per second or cores; null while only one reading is known, or when the container started anew in between. */
const rate = z.number().nullable();

export const containerSampleSchema = z.object({
  id: z.string(),
  /** When it was taken, by the clock of whoever took it. */
  atMs: z.number(),
  /** 1 is one whole core; docker stats would say 100 %. */
  cpuCores: rate,
  /** Of the host. */
  cpus: z.number(),
  /** Without the page cache that can be dropped, as docker stats counts. */
  memoryBytes: z.number(),
  /** The container's limit, or the host's memory when it has none; 0 when the engine does not say. */
  memoryLimitBytes: z.number(),
  networkInRate: rate,
  networkOutRate: rate,
  blockReadRate: rate,
  blockWriteRate: rate,
  /** Since the container's start. */
  networkInBytes: z.number(),
  networkOutBytes: z.number(),
  blockReadBytes: z.number(),
  blockWriteBytes: z.number(),
  pids: z.number(),
});

export type ContainerSample = Readonly<z.infer<typeof containerSampleSchema>>;

/** The figures of one moment in a history; bytes and bytes per second. */
export const samplePointSchema = z.object({
  atMs: z.number(),
  cpuCores: rate,
  memoryBytes: z.number(),
  networkInRate: rate,
  networkOutRate: rate,
  blockReadRate: rate,
  blockWriteRate: rate,
});

export type SamplePoint = Readonly<z.infer<typeof samplePointSchema>>;

/** What lists show and sort by. */
export const sampleFiguresSchema = containerSampleSchema.pick({
  id: true,
  atMs: true,
  cpuCores: true,
  memoryBytes: true,
});

export type SampleFigures = Readonly<z.infer<typeof sampleFiguresSchema>>;

/** The latest figures of one environment's containers. */
export interface EnvironmentFigures {
  readonly environmentId: number;
  readonly figures: readonly SampleFigures[];
}

/** The processes of one container, whatever the engine's ps calls its columns. */
export interface ProcessList {
  readonly processes: readonly ContainerProcess[];
}

export interface ContainerProcess {
  readonly pid: number;
  readonly parentPid: number;
  readonly user: string;
  /** Over the process's life so far, 100 is one core; null where the engine does not say. */
  readonly cpuPercent: number | null;
  readonly memoryBytes: number | null;
  /** CPU time used, as ps writes it: 00:01:20. */
  readonly time: string;
  readonly command: string;
}
