/** What an engine's images, containers, volumes and build cache take of its host's disk. */

export interface DiskShare {
  readonly count: number;
  readonly bytes: number;
  /** Of the bytes, what nothing uses. */
  readonly unusedBytes: number;
}

export interface DiskUsage {
  readonly images: DiskShare;
  /** Their own layers. */
  readonly containers: DiskShare;
  readonly volumes: DiskShare;
  readonly buildCache: DiskShare;
}
