/** The fields by which environments are created and changed, as clients really send them: typed in JSON, text in forms. */
import { z } from 'zod';
import { Fault } from '../../../protocol/fault.ts';
import type { EnvironmentDraft } from '../../fleet/environment-draft.ts';
import type { KeptEnvironment } from '../../fleet/environments.ts';
import { caseless } from '../body.ts';

const parseIfText = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  if (value.trim() === '') return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

const flag = z.preprocess(
  (value) => (typeof value === 'string' ? value === 'true' : value),
  z.boolean(),
);
const whole = z.preprocess(parseIfText, z.int().min(0).optional());
const tagIds = z.preprocess(parseIfText, z.array(z.int()).max(100).optional());
const gpus = z.preprocess(
  parseIfText,
  z.array(caseless({ name: z.string(), value: z.string() })).optional(),
);
/** Account or team in decimal -> role. */
export const policies = z.record(
  z.string().regex(/^\d+$/),
  caseless({ RoleId: z.int().default(0) }),
);

const shared = {
  Name: z.string(),
  URL: z.string().max(1024),
  PublicURL: z.string().max(1024),
  GroupID: whole,
  TagIds: tagIds,
  Gpus: gpus,
  TLS: flag,
  TLSSkipVerify: flag,
  TLSSkipClientVerify: flag,
  TLSCACertFile: z.string(),
  TLSCertFile: z.string(),
  TLSKeyFile: z.string(),
  EdgeCheckinInterval: whole,
};

const creationSchema = caseless({
  ...z.object(shared).partial().shape,
  Name: z.string().min(1, 'Invalid environment name'),
  EndpointCreationType: z.preprocess(
    parseIfText,
    z.int('1 is Docker, 2 is an agent, 4 is an edge agent.').min(1).max(5),
  ),
  ContainerEngine: z.enum(['', 'docker', 'podman']).optional(),
});

const changeSchema = caseless({
  ...z.object(shared).partial().shape,
  UserAccessPolicies: policies.optional(),
  TeamAccessPolicies: policies.optional(),
});

type SharedFields = Omit<
  z.output<typeof changeSchema>,
  'UserAccessPolicies' | 'TeamAccessPolicies'
>;

const UNSUPPORTED: Readonly<Record<number, string>> = {
  3: 'Azure container instances are',
  5: 'Kubernetes is',
};

export const environmentSchemas = { creation: creationSchema, change: changeSchema };

const invalid = (message: string, details: string): Fault =>
  new Fault('bad-request', message, { details });

function checkReferences(fields: SharedFields): void {
  if (fields.GroupID !== undefined && fields.GroupID > 1) {
    throw invalid('Invalid group', 'The only environment group is 1, Unassigned.');
  }
}

/** The fields given, and only those, as columns of a record. */
function columnsOf(fields: SharedFields): Partial<Omit<KeptEnvironment, 'id'>> {
  checkReferences(fields);
  return {
    ...(fields.Name !== undefined && { name: fields.Name }),
    ...(fields.URL !== undefined && { url: fields.URL }),
    ...(fields.PublicURL !== undefined && { publicUrl: fields.PublicURL }),
    ...(fields.GroupID && { groupId: fields.GroupID }),
    ...(fields.TagIds !== undefined && { tagIds: [...new Set(fields.TagIds)] }),
    ...(fields.Gpus !== undefined && { gpus: fields.Gpus }),
    ...(fields.TLS !== undefined && { tls: fields.TLS }),
    ...(fields.TLSSkipVerify !== undefined && { tlsSkipVerify: fields.TLSSkipVerify }),
    ...(fields.TLSCACertFile !== undefined && { tlsCa: fields.TLSCACertFile }),
    ...(fields.TLSCertFile !== undefined && { tlsCert: fields.TLSCertFile }),
    ...(fields.TLSKeyFile !== undefined && { tlsKey: fields.TLSKeyFile }),
    ...(fields.EdgeCheckinInterval !== undefined && {
      edgeCheckinInterval: fields.EdgeCheckinInterval,
    }),
  };
}

function checkTls(fields: z.output<typeof creationSchema>): void {
  if (fields.EndpointCreationType !== 1 || fields.TLS !== true) return;
  if (fields.TLSSkipVerify !== true && !fields.TLSCACertFile) {
    throw invalid('Invalid CA certificate file', 'Send TLSCACertFile, or set TLSSkipVerify.');
  }
  if (fields.TLSSkipClientVerify !== true && !(fields.TLSCertFile && fields.TLSKeyFile)) {
    throw invalid(
      'Invalid certificate file',
      'Send TLSCertFile and TLSKeyFile, or set TLSSkipClientVerify.',
    );
  }
}

/** A creation request as a draft; Fault bad-request for what this version can't manage. */
export function draftOf(fields: z.output<typeof creationSchema>): EnvironmentDraft {
  const type = fields.EndpointCreationType;
  if (type !== 1 && type !== 2 && type !== 4) {
    throw invalid(
      'Invalid environment type',
      `${UNSUPPORTED[type] ?? 'That type is'} not supported in this version; use 1 (Docker), 2 (agent) or 4 (edge agent).`,
    );
  }
  if (type === 2 && !fields.URL) {
    throw invalid('Invalid environment URL', 'An agent needs a URL such as tcp://10.0.0.7:9001.');
  }
  if (type === 4 && !fields.URL) {
    throw invalid(
      'Invalid environment URL',
      "An edge agent needs this server's address, such as https://fleet.example:9443.",
    );
  }
  checkTls(fields);
  return {
    ...columnsOf(fields),
    name: fields.Name,
    type,
    url: fields.URL ?? '',
    containerEngine: fields.ContainerEngine ?? '',
  };
}

/** A change request as columns to replace. */
export function changeOf(
  fields: z.output<typeof changeSchema>,
): Partial<Omit<KeptEnvironment, 'id'>> {
  return {
    ...columnsOf(fields),
    ...(fields.UserAccessPolicies !== undefined && {
      userAccessPolicies: fields.UserAccessPolicies,
    }),
    ...(fields.TeamAccessPolicies !== undefined && {
      teamAccessPolicies: fields.TeamAccessPolicies,
    }),
  };
}
