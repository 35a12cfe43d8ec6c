import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hearNetworkNews, networkOf } from '../../src/agent/link/network-news.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a change is told once, within five seconds; what stays the same is not', async () => {
  let now = '10.0.0.2/24';
  const tell = vi.fn();
  const hearing = hearNetworkNews(async () => now, tell);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(tell).not.toHaveBeenCalled();
  now = '10.0.0.3/24';
  await vi.advanceTimersByTimeAsync(5_000);
  expect(tell).toHaveBeenCalledOnce();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(tell).toHaveBeenCalledOnce();
  hearing[Symbol.dispose]();
  now = '10.0.0.4/24';
  await vi.advanceTimersByTimeAsync(10_000);
  expect(tell).toHaveBeenCalledOnce();
});

test('own addresses and those of the server are told apart, a name that means nothing included', async () => {
  vi.useRealTimers();
  expect(await networkOf('https://127.0.0.1:9443')).toMatch(/127\.0\.0\.1\/8.* \| 127\.0\.0\.1$/);
  expect(await networkOf('https://[::1]:9443')).toMatch(/\| ::1$/);
  expect(await networkOf('https://no-such-host.invalid')).toMatch(/\| E[A-Z_]+$/);
});
