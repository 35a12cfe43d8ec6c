/** What a new edge agent needs, shown once: the whole command, folded to be read and copied in one piece by `c`. */
import { printable } from '../format/width.ts';
import { foldText, foldWords } from '../format/wrap.ts';
import {
  type AddedScreen,
  isLoopback,
  START_WAYS,
  type StartWay,
} from '../model/new-environment.ts';
import { startCommand } from '../model/start-command.ts';
import { plainLine, span } from './cells.ts';
import type { Line, StyleName } from './view.ts';

const WAY_NAMES: Readonly<Record<StartWay, string>> = {
  docker: 'docker run',
  npx: 'npx',
  systemd: 'systemd-run',
};

const WAY_REMARKS: Readonly<Record<StartWay, string>> = {
  docker: 'Needs an image named fleet-agent on that host: none is published, build it there.',
  npx: 'As root, in the folder of a built fleet-tui; the agent ends with the shell.',
  systemd:
    'As root, in the folder of a built fleet-tui; it lasts until the host starts anew. For longer, put the same variables into a unit of your own.',
};

/** All lines at a width; the caller shows a window of them. */
export function addedLines(screen: AddedScreen, width: number): readonly Line[] {
  const room = Math.max(8, width - 2);
  const words = (text: string, style: StyleName): readonly Line[] =>
    foldWords(printable(text), room).map((row) => plainLine(` ${row}`, style));
  const command = foldText(printable(startCommand(screen, screen.way)), room);
  return [
    ...words(
      'EDGE_ID is shown only this once: copy the command (c) and start the agent with it on its host.',
      'warning',
    ),
    plainLine(''),
    { spans: START_WAYS.flatMap((way) => wayWords(screen, way)) },
    plainLine(''),
    ...command.map((row) => plainLine(` ${row}`, 'plain')),
    plainLine(''),
    ...words(WAY_REMARKS[screen.way], 'dim'),
    ...remarks(screen).flatMap((text) => words(text, 'dim')),
  ];
}

function wayWords(screen: AddedScreen, way: StartWay) {
  const name = WAY_NAMES[way];
  return screen.way === way ? [span(` [ ${name} ] `, 'selected')] : [span(`   ${name}   `, 'dim')];
}

function remarks({ isOwnCertificate, url, environmentId }: AddedScreen): readonly string[] {
  const isUnjudged = isOwnCertificate && url.startsWith('https:');
  return [
    ...(isUnjudged
      ? [
          "EDGE_INSECURE_POLL=1: no authority vouches for the server's certificate. The agent still knows the server by its key, whose fingerprint is in EDGE_KEY.",
        ]
      : []),
    ...(isLoopback(url)
      ? ["The URL means the agent's own machine: only an agent beside the server gets through."]
      : []),
    `If it is lost, DELETE /api/endpoints/${environmentId}/association on the server gives a new one.`,
  ];
}
