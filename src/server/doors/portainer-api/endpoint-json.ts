/** An environment in the shape of Portainer's Endpoint. Secrets and TLS material are left out. */
import type { EnvironmentView } from '../../fleet/environments.ts';

const NO_KUBERNETES = {
  Snapshots: null,
  Configuration: {
    UseLoadBalancer: false,
    UseServerMetrics: false,
    EnableResourceOverCommit: false,
    ResourceOverCommitPercentage: 0,
    StorageClasses: null,
    IngressClasses: null,
    RestrictDefaultNamespace: false,
    IngressAvailabilityPerNamespace: false,
    AllowNoneIngressClass: false,
  },
  Flags: {
    IsServerMetricsDetected: false,
    IsServerIngressClassDetected: false,
    IsServerStorageDetected: false,
  },
};

/** Keys and order as Portainer 2.23 emits them. `withSnapshot` false gives an empty `Snapshots`. */
export function endpointJson(view: EnvironmentView, withSnapshot: boolean) {
  const { record, status, snapshot } = view;
  return {
    Id: record.id,
    Name: record.name,
    Type: record.type,
    ContainerEngine: record.containerEngine,
    URL: record.url,
    GroupId: record.groupId,
    PublicURL: record.publicUrl,
    Gpus: record.gpus,
    TLSConfig: { TLS: record.tls, TLSSkipVerify: record.tlsSkipVerify },
    AzureCredentials: { ApplicationID: '', TenantID: '', AuthenticationKey: '' },
    TagIds: record.tagIds,
    Status: status,
    Snapshots: withSnapshot && snapshot !== undefined ? [snapshot] : [],
    UserAccessPolicies: record.userAccessPolicies,
    TeamAccessPolicies: record.teamAccessPolicies,
    EdgeKey: '',
    EdgeCheckinInterval: record.edgeCheckinInterval,
    Kubernetes: NO_KUBERNETES,
    ComposeSyntaxMaxVersion: '3.9',
    SecuritySettings: record.securitySettings,
    LastCheckInDate: 0,
    QueryDate: 0,
    Heartbeat: false,
    PostInitMigrations: { MigrateIngresses: false, MigrateGPUs: false },
    Edge: { AsyncMode: false, PingInterval: 0, SnapshotInterval: 0, CommandInterval: 0 },
    Agent: { Version: record.agentVersion },
    ...(record.enableGpuManagement && { EnableGPUManagement: true }),
    AuthorizedUsers: null,
    AuthorizedTeams: null,
    Tags: null,
  };
}
