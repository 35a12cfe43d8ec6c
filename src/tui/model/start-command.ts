/** The one line that starts an edge agent, whole, for a shell. It holds the join secret: shown and copied, never logged. */
import type { AddedScreen, StartWay } from './new-environment.ts';
import { shellWord } from './shell-word.ts';

/** The name that the image is built with. */
const IMAGE = 'fleet-agent';
/** Where an agent outside a container keeps who it is. */
const DATA_FOLDER = '/var/lib/fleet-agent';

/** The command for a way to start the agent. */
export function startCommand(screen: AddedScreen, way: StartWay): string {
  const settings = settingsOf(screen);
  const kept = [...settings, ['DATA_PATH', DATA_FOLDER] as const];
  switch (way) {
    case 'docker':
      return [...DOCKER_RUN, ...settings.map((setting) => `-e ${assigned(setting)}`), IMAGE].join(
        ' ',
      );
    case 'npx':
      return [...kept.map(assigned), 'npx fleet-agent'].join(' ');
    case 'systemd':
      return [
        ...SYSTEMD_RUN,
        ...kept.map((setting) => `-E ${assigned(setting)}`),
        'npx fleet-agent',
      ].join(' ');
  }
}

const DOCKER_RUN = [
  'docker run -d --name fleet-agent --restart always',
  '-v /var/run/docker.sock:/var/run/docker.sock',
  '-v /var/lib/docker/volumes:/var/lib/docker/volumes',
  '-v fleet_agent_data:/data',
];

const SYSTEMD_RUN = ['systemd-run --unit fleet-agent -p Restart=always --same-dir'];

type Setting = readonly [name: string, value: string];

function settingsOf({ edgeId, edgeKey, url, isOwnCertificate }: AddedScreen): readonly Setting[] {
  const isUnjudged = isOwnCertificate && url.startsWith('https:');
  return [
    ['EDGE', '1'],
    ['EDGE_ID', edgeId],
    ['EDGE_KEY', edgeKey],
    ...(isUnjudged ? [['EDGE_INSECURE_POLL', '1'] as const] : []),
  ];
}

/** What a server sends must stay one word of the line, whatever it is. */
const assigned = ([name, value]: Setting): string => `${name}=${shellWord(value)}`;
