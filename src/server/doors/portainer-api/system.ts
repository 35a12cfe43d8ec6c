/** Status, version and public settings (Portainer API, system), and what tells our server from a genuine one. */
import { ABOUT_PATH } from '../../../protocol/about.ts';
import { PORTAINER_VERSION, PRODUCT_VERSION } from '../../../protocol/version.ts';
import { type Answer, ok } from '../answer.ts';
import { type Exchange, publicRoute, type Route, route } from '../route-table.ts';
import type { Services } from '../services.ts';
import { loginAddress } from './oauth-settings.ts';

const PUBLIC_SETTINGS = {
  LogoURL: '',
  GlobalDeploymentOptions: { hideStacksFunctionality: false },
  EnableEdgeComputeFeatures: false,
  Features: {},
  EnableTelemetry: false,
  KubeconfigExpiry: '0',
  TeamSync: false,
  IsAMTEnabled: false,
  Edge: { PingInterval: 0, SnapshotInterval: 0, CommandInterval: 0, CheckinInterval: 5 },
  IsDockerDesktopExtension: false,
};

const publicSettings = ({ passwordPolicy, oidcBook }: Services) => ({
  ...PUBLIC_SETTINGS,
  RequiredPasswordLength: passwordPolicy.requiredLength,
  AuthenticationMethod: oidcBook.settings.isOn ? 3 : 1,
  OAuthLoginURI: loginAddress(oidcBook.settings),
  OAuthLogoutURI: oidcBook.settings.logoutUri,
});

const NO_MESSAGE = { Title: '', Message: '', ContentLayout: null, Style: '', Hash: null };

/** GET /api/status, /api/system/*, /api/settings/public, /api/motd and /api/fleet/about. */
export function systemRoutes(services: Services): Route[] {
  const status = async (): Promise<Answer> =>
    ok({ Version: PORTAINER_VERSION, InstanceID: services.instanceId });
  const version = async (): Promise<Answer> => ok(versionOf(services));
  const nodes = async (): Promise<Answer> => {
    const views = await services.environments.list();
    return ok({ nodes: views.reduce((sum, view) => sum + (view.snapshot?.NodeCount ?? 0), 0) });
  };
  const info = async (_exchange: Exchange): Promise<Answer> => {
    const views = await services.environments.list();
    const count = (type: number) => views.filter((view) => view.record.type === type).length;
    return ok({ platform: 'Docker Standalone', edgeAgents: count(4), agents: count(2) });
  };
  return [
    publicRoute('GET', '/api/status', status),
    publicRoute('GET', '/api/system/status', status),
    route('GET', '/api/status/version', version),
    route('GET', '/api/system/version', version),
    route('GET', '/api/system/info', info),
    route('GET', '/api/status/nodes', nodes),
    route('GET', '/api/system/nodes', nodes),
    publicRoute('GET', '/api/settings/public', async () => ok(publicSettings(services))),
    route('GET', '/api/motd', async () => ok(NO_MESSAGE)),
    publicRoute('GET', ABOUT_PATH, async () =>
      ok({
        product: 'fleet-server',
        version: PRODUCT_VERSION,
        instanceId: services.instanceId,
      }),
    ),
  ];
}

function versionOf(services: Services) {
  return {
    UpdateAvailable: false,
    LatestVersion: PORTAINER_VERSION,
    ServerVersion: PORTAINER_VERSION,
    ServerEdition: 'CE',
    DatabaseVersion: String(services.schemaVersion),
    Build: {
      BuildNumber: '',
      ImageTag: `fleet-server-${PRODUCT_VERSION}`,
      NodejsVersion: process.versions.node,
      YarnVersion: '',
      WebpackVersion: '',
      GoVersion: '',
      GitCommit: '',
    },
  };
}
