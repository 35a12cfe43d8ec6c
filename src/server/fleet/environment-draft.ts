/** What an environment is before anybody was contacted: the fields a person gives, and what stands for those not given. */
import { Fault } from '../../protocol/fault.ts';
import type { EnvironmentRecord } from '../store/store.ts';

/** What a person gives to create an environment; everything else has a default. */
export type EnvironmentDraft = Pick<EnvironmentRecord, 'name' | 'type' | 'url'> &
  Partial<Omit<EnvironmentRecord, 'id'>>;

const MAX_NAME_LENGTH = 128;

/** The fields of a new environment that nobody has said anything about. */
export const DEFAULTS = {
  containerEngine: '',
  publicUrl: '',
  groupId: 1,
  tagIds: [],
  gpus: [],
  tls: false,
  tlsSkipVerify: false,
  tlsCa: '',
  tlsCert: '',
  tlsKey: '',
  status: 1,
  agentVersion: '',
  userAccessPolicies: {},
  teamAccessPolicies: {},
  securitySettings: {
    allowBindMountsForRegularUsers: true,
    allowPrivilegedModeForRegularUsers: true,
    allowVolumeBrowserForRegularUsers: false,
    allowHostNamespaceForRegularUsers: true,
    allowDeviceMappingForRegularUsers: true,
    allowStackManagementForRegularUsers: true,
    allowContainerCapabilitiesForRegularUsers: true,
    allowSysctlSettingForRegularUsers: true,
    enableHostManagementFeatures: false,
  },
  edgeCheckinInterval: 0,
  enableGpuManagement: false,
  snapshot: '',
} as const satisfies Partial<EnvironmentRecord>;

/** The name without space around it; Fault bad-request for what is no name. */
export function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > MAX_NAME_LENGTH || /\p{Cc}/u.test(trimmed)) {
    throw new Fault('bad-request', 'Invalid environment name', {
      details: `A name has 1 to ${MAX_NAME_LENGTH} characters and no control characters.`,
    });
  }
  return trimmed;
}
