/** An engine's inspect answer, shortened to what the screens tell apart, and one that wants to do harm. */
import { type Json, readDocument } from '../../src/tui/model/document.ts';

export const SECRET = 'hunter2-of-the-shop';

/** As GET /containers/{id}/json answers. */
export function inspectAnswer(name: string, rest: Record<string, unknown> = {}) {
  return {
    Id: `${name}-4f2a9c`,
    Created: '2026-08-13T12:04:11Z',
    Path: '/srv/web',
    Args: ['--serve', '--token', SECRET],
    State: { Status: 'running', Running: true, ExitCode: 0 },
    Image: 'sha256:9f2c41',
    Name: `/${name}`,
    RestartCount: 0,
    HostConfig: {
      Memory: 1_073_741_824,
      NanoCpus: 2_000_000_000,
      RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 },
      PortBindings: { '8443/tcp': [{ HostIp: '', HostPort: '443' }] },
      ...(rest.HostConfig as object),
    },
    Mounts: [{ Type: 'volume', Name: 'web-data', Source: '/v', Destination: '/data', RW: true }],
    Config: {
      Hostname: name,
      Env: ['PATH=/usr/bin', `DB_PASSWORD=${SECRET}`, 'EMPTY='],
      Image: 'registry.example/web:41',
      Labels: { tier: 'edge', 'com.example/api-token': SECRET },
      WorkingDir: '/srv',
      ...(rest.Config as object),
    },
    NetworkSettings: {
      Networks: { edge: { Aliases: ['web'], IPAddress: '172.18.0.4' } },
    },
  };
}

/** As the console keeps it: tags are the lengths of what they hide. */
export function maskedAnswer(name: string, rest: Record<string, unknown> = {}): Json {
  return readDocument(inspectAnswer(name, rest), (secret) => String(secret.length));
}

/** 10,000 labels, one value of 1 MiB, and names and values that would move the cursor. */
export function hostileAnswer(): Json {
  const Labels: Record<string, string> = {};
  for (let index = 0; index < 10_000; index++) Labels[`label-${index}`] = `value-${index}`;
  Labels['\x1b]0;owned\x07name'] = '\x1b[2J\x1b[31mred\x9b1A\u202e';
  Labels.huge = `start\n${'x'.repeat(1024 * 1024)}`;
  return readDocument({ ...inspectAnswer('web'), Config: { Labels } }, () => 'tag');
}
