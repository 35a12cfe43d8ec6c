/** The answer of GET /system/df as sums; engines leave fields out, and say -1 for a size they did not measure. */
import type { DiskShare, DiskUsage } from '../protocol/disk-usage.ts';
import { type Loose, looseNumber, looseObject, looseObjects } from './loose.ts';

/** Reads what an engine answered, whatever it is. */
export function readDiskUsage(answer: unknown): DiskUsage {
  const { Images, Containers, Volumes, BuildCache, LayersSize } = looseObject(answer);
  const images = share(
    Images,
    (image) => image.Size,
    (image) => looseNumber(image.Containers) <= 0,
  );
  // Layers that images share are counted once there, and once for each image otherwise.
  const bytes = looseNumber(LayersSize) || images.bytes;
  return {
    images: { ...images, bytes, unusedBytes: Math.min(bytes, images.unusedBytes) },
    containers: share(
      Containers,
      ({ SizeRw }) => SizeRw,
      ({ State }) => State !== 'running',
    ),
    volumes: share(Volumes, usage('Size'), (volume) => looseNumber(usage('RefCount')(volume)) <= 0),
    buildCache: share(
      BuildCache,
      ({ Size }) => Size,
      ({ InUse }) => InUse !== true,
    ),
  };
}

const usage = (name: 'Size' | 'RefCount') => (volume: Loose) => looseObject(volume.UsageData)[name];

function share(
  list: unknown,
  sizeOf: (item: Loose) => unknown,
  isUnused: (item: Loose) => boolean,
): DiskShare {
  let [count, bytes, unusedBytes] = [0, 0, 0];
  for (const item of looseObjects(list)) {
    const size = Math.max(0, looseNumber(sizeOf(item)));
    count += 1;
    bytes += size;
    if (isUnused(item)) unusedBytes += size;
  }
  return { count, bytes, unusedBytes };
}
