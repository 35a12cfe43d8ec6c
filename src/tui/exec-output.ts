/** What a command in a container printed, bounded, and what an engine's words about a missing program look like. */
import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';

const TOLD_EVERY_MS = 250;

export interface Collected {
  readonly text: string;
  readonly droppedBytes: number;
}

export interface CollectOptions {
  /** Bytes kept from the beginning; the rest is read and counted only. */
  readonly limitBytes: number;
  readonly onMore?: (text: string, droppedBytes: number) => void;
}

/** Reads a stream to its end, however it ends. */
export function collectOutput(stream: Readable, options: CollectOptions): Promise<Collected> {
  const { limitBytes, onMore } = options;
  const chunks: Buffer[] = [];
  let size = 0;
  let droppedBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  const text = (): string => Buffer.concat(chunks).toString();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve({ text: text(), droppedBytes });
    };
    stream.on('data', (chunk: Buffer) => {
      const kept = chunk.subarray(0, Math.max(0, limitBytes - size));
      if (kept.length > 0) chunks.push(kept);
      size += kept.length;
      droppedBytes += chunk.length - kept.length;
      if (!onMore) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        onMore(text(), droppedBytes);
      }, TOLD_EVERY_MS);
    });
    stream.once('end', done);
    stream.once('close', done);
    stream.on('error', done);
    if (stream.readableEnded || stream.destroyed) done();
  });
}

/** Whether these are an engine's words for a program that a container does not have. */
export function isMissingProgram(words: string): boolean {
  return /executable file .*not found|no such file or directory/i.test(words);
}
