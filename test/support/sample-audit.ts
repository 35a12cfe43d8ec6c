/** A small audit trail at the moment of the sample fleet. */
import type { AuditPage, AuditRecord } from '../../src/protocol/audit.ts';
import type { Pilot } from './sample-fleet.ts';
import { NOW } from './sample-fleet.ts';

/** One row; the greater its number, the younger. */
export function auditRow(sequence: number, rest: Partial<AuditRecord> = {}): AuditRecord {
  return {
    sequence,
    atMs: NOW - (1_000 - sequence) * 60_000,
    phase: 'done',
    requestId: `00000000-0000-4000-8000-${String(sequence).padStart(12, '0')}`,
    user: 'admin',
    userId: 1,
    via: 'session',
    credentialId: '2b7c0c54-7a5e-4a55-9a4e-0c7c9b8f1d11',
    address: '10.0.0.40',
    action: 'manage',
    method: 'PUT',
    path: '/api/endpoints/1',
    environmentId: null,
    operationId: null,
    status: 200,
    ...rest,
  };
}

const call = (name: string) => `/api/endpoints/1/docker/containers/${name}`;

export const AUDIT_ROWS: readonly AuditRecord[] = [
  auditRow(999, {
    user: 'kim',
    action: 'lifecycle',
    method: 'POST',
    path: call('web-3/restart'),
    environmentId: 1,
    phase: 'ended',
    status: 204,
  }),
  auditRow(998, {
    user: 'kim',
    action: 'lifecycle',
    method: 'POST',
    path: call('web-3/restart'),
    environmentId: 1,
    phase: 'asked',
    status: null,
  }),
  auditRow(997, {
    user: 'robin',
    action: 'destroy',
    method: 'DELETE',
    path: call('db-main'),
    environmentId: 3,
    status: 403,
    via: 'api-key',
    credentialId: '4',
  }),
  auditRow(996, {
    user: 'mallory',
    userId: null,
    via: 'none',
    credentialId: '',
    action: 'sign-in',
    method: 'POST',
    path: '/api/auth',
    status: 422,
    address: '203.0.113.9',
  }),
  auditRow(995, { method: 'POST', path: '/api/users' }),
  auditRow(994, {
    user: 'kim',
    action: 'exec',
    method: 'POST',
    path: call('web-7/exec'),
    environmentId: 1,
    status: 201,
  }),
];

export const auditPage = (rest: Partial<AuditPage> = {}): AuditPage => ({
  rows: [...AUDIT_ROWS],
  older: null,
  length: 999,
  ...rest,
});

/** Answers the last question of the audit screen. */
export function tellAudit(pilot: Pilot, page: AuditPage): Pilot {
  const asked = pilot.effects.findLast((effect) => effect.kind === 'fetch-audit');
  return pilot.send({
    kind: 'audit-read',
    requestId: asked?.requestId ?? 0,
    answer: page,
    atMs: NOW,
  });
}
