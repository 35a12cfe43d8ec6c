/** An environment in the shape of Portainer's Endpoint. Secrets and TLS material are left out. */
import { edgeHostOf } from '../../fleet/environment-address.ts';
import type { EnvironmentView, Invitation } from '../../fleet/environments.ts';

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
  const { record, status, snapshot, edge } = view;
  return {
    Id: record.id,
    Name: record.name,
    Type: record.type,
    ContainerEngine: record.containerEngine,
    URL: edge === undefined ? record.url : edgeHostOf(record.url),
    GroupId: record.groupId,
    PublicURL: record.publicUrl,
    Gpus: record.gpus,
    TLSConfig: { TLS: record.tls, TLSSkipVerify: record.tlsSkipVerify },
    AzureCredentials: { ApplicationID: '', TenantID: '', AuthenticationKey: '' },
    TagIds: record.tagIds,
    // As Portainer has it: an edge agent's state is its Heartbeat.
    Status: edge === undefined ? status : 1,
    Snapshots: withSnapshot && snapshot !== undefined ? [snapshot] : [],
    UserAccessPolicies: record.userAccessPolicies,
    TeamAccessPolicies: record.teamAccessPolicies,
    EdgeKey: edge?.key ?? '',
    EdgeCheckinInterval: record.edgeCheckinInterval,
    Kubernetes: NO_KUBERNETES,
    ComposeSyntaxMaxVersion: '3.9',
    SecuritySettings: record.securitySettings,
    LastCheckInDate: edge?.lastCheckInS ?? 0,
    QueryDate: edge === undefined ? 0 : Math.floor(Date.now() / 1000),
    Heartbeat: edge?.isAlive ?? false,
    ...(edge !== undefined && { UserTrusted: true }),
    PostInitMigrations: { MigrateIngresses: false, MigrateGPUs: false },
    Edge: { AsyncMode: false, PingInterval: 0, SnapshotInterval: 0, CommandInterval: 0 },
    Agent: { Version: record.agentVersion },
    ...(record.enableGpuManagement && { EnableGPUManagement: true }),
    AuthorizedUsers: null,
    AuthorizedTeams: null,
    Tags: null,
  };
}

/** The same, with the join secret in its place: for the one answer that may show it. */
export function invitationJson({ view, edgeId }: Invitation) {
  const { EdgeKey, ...rest } = endpointJson(view, true);
  return { ...rest, EdgeID: edgeId, EdgeKey };
}
