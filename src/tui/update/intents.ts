/** What each intent of a key or a command leads to: one table, to which a subject may bring its own part. */

import type { Intent } from '../model/event.ts';
import { isPeople } from '../model/people-view.ts';
import { type AppState, type Step, stay, topScreen } from '../model/state.ts';
import { readCommand } from '../screens/commands.ts';
import { helpEntries } from '../screens/help.ts';
import { changeAccount } from './account.ts';
import { openAdd } from './add-environment.ts';
import { AUDIT_STEPS, refreshAudit } from './audit.ts';
import { flipNoise, openDiff, refreshDiff } from './diff.ts';
import { openEnvironment, otherTab, refreshEnvironment } from './environment.ts';
import { askExec, openExec, runExec } from './exec.ts';
import { chooseOption, FORM_STEPS } from './form.ts';
import { whyForbidden } from './guard.ts';
import { enterContainer } from './guests.ts';
import { openInfo } from './info.ts';
import { inspectAgain, onInspectWanted } from './inspect.ts';
import { actOnInspect, openInspect, refreshInspect } from './inspect-view.ts';
import { judge } from './judge.ts';
import { markAllProblems, markProblem, markProblemRange } from './judge-plan.ts';
import { onBoundKey } from './keys.ts';
import { acceptAgent, askAccept, openLink, refreshLink } from './link.ts';
import {
  foldGroup,
  goToGroup,
  groupList,
  markAll,
  markRange,
  markRow,
  sortBy,
  sortByNeighbour,
} from './lists.ts';
import { goToError, openMergedLogs, readRange } from './log-jumps.ts';
import { LINE_STEPS } from './log-lines.ts';
import { goToMatch } from './log-search.ts';
import { SIFT_STEPS } from './log-sift.ts';
import { openLogs } from './logs.ts';
import { wearSkin } from './look.ts';
import { MAINTENANCE_STEPS } from './maintenance.ts';
import { openMenu } from './menu.ts';
import { openMetrics, refreshMetrics } from './metrics.ts';
import { move } from './movement.ts';
import { back, escapeFrom, interrupt, openList, quit, scopeTo } from './navigation.ts';
import { refreshHistory } from './object-history.ts';
import { askOperations, runOperations } from './operations.ts';
import { foldJob, openOperations } from './operations-list.ts';
import { switchPane } from './panes.ts';
import { PEOPLE_STEPS, refreshPeople } from './people.ts';
import { openPreviousRun } from './previous-run.ts';
import { openProcesses, refreshProcesses, sortProcesses } from './processes.ts';
import { openPromptFor } from './prompt.ts';
import { ROW_STEPS } from './row-screens.ts';
import { savePane } from './save-pane.ts';
import { say } from './say.ts';
import { openSignIn } from './sign-in.ts';
import { closeScreen, openScreen, replaceTop } from './stack.ts';
import type { IntentSteps } from './steps.ts';
import { flip } from './switches.ts';
import { recreate, retry, undo } from './undo.ts';
import { lock, unlock } from './unlock.ts';
import { travel } from './view-history.ts';
import { askViews, saveView, showView } from './views.ts';
import { nextProblem, onWallDeed, openWall } from './wall.ts';

const isOnProblems = (state: AppState) => topScreen(state).kind === 'problems';

const STEPS: IntentSteps<Intent['kind']> = {
  ...FORM_STEPS,
  ...LINE_STEPS,
  ...MAINTENANCE_STEPS,
  ...SIFT_STEPS,
  ...ROW_STEPS,
  move: (state, { to }) => stay(move(state, to)),
  'open-list': (state, { list }) => stay(openList(state, list)),
  'open-logs': (state, { key }) => openLogs(state, key),
  'open-merged-logs': (state, { keys }) => openMergedLogs(state, keys),
  'log-range': (state, { range }) => readRange(state, range),
  'open-previous-run': (state, { key }) => openPreviousRun(state, key),
  'error-line': (state, { by }) => goToError(state, by),
  'open-describe': (state, { key }) => onInspectWanted(state, key),
  'open-add': openAdd,
  'open-wall': (state) => stay(openWall(state)),
  wall: onWallDeed,
  'wall-problem': (state, { by }) => {
    const wall = topScreen(state);
    return stay(wall.kind === 'wall' ? replaceTop(state, nextProblem(state, wall, by)) : state);
  },
  judge,
  'open-menu': (state, { menu }) => stay(openMenu(state, menu)),
  'copy-text': (state, { text }) => ({ state, effects: [{ kind: 'copy', text }] }),
  'open-url': (state, { url }) => ({ state, effects: [{ kind: 'open-url', url }] }),
  'open-inspect': (state, { key }) => openInspect(state, key),
  inspect: actOnInspect,
  'open-diff': (state, { left, right }) => openDiff(state, [left, right]),
  'diff-noise': (state) => stay(flipNoise(state)),
  'open-environment': (state, { environmentId }) => openEnvironment(state, environmentId),
  tab: otherTab,
  'open-link': (state, { environmentId }) => openLink(state, environmentId),
  'open-metrics': (state, { key }) => openMetrics(state, key),
  'open-processes': (state, { key }) => openProcesses(state, key),
  'sort-processes': (state, { by }) => stay(sortProcesses(state, by)),
  'ask-accept': (state) => stay(askAccept(state)),
  'accept-agent': acceptAgent,
  'open-exec': (state) => stay(openExec(state)),
  'open-sign-in': (state) => openSignIn(state),
  'open-help': (state) => stay(openHelp(state)),
  'open-info': (state) => openInfo(state),
  'open-messages': (state) => stay(openScreen(state, { kind: 'messages', top: 0 })),
  'run-help-line': runHelpLine,
  scope: (state, { environmentId, tag }) =>
    stay(scopeTo(state, tag === undefined ? environmentId : `tag:${tag}`)),
  travel: (state, { to }) => travel(state, to),
  'open-views': askViews,
  'save-view': saveView,
  'forget-view': (state, { name }) => ({ state, effects: [{ kind: 'forget-view', name }] }),
  'show-view': showView,
  'save-pane': savePane,
  prompt: (state, { prompt }) => stay(openPromptFor(state, prompt)),
  switch: (state, { what }) => stay(flip(state, what)),
  sort: (state, { by }) => stay(sortBy(state, by)),
  'sort-neighbour': (state, { step }) => stay(sortByNeighbour(state, step)),
  group: (state, { by }) => stay(groupList(state, by)),
  skin: wearSkin,
  'switch-pane': (state, { by }) => stay(switchPane(state, by)),
  'go-to-group': (state) => stay(goToGroup(state)),
  'fold-group': (state) => stay(foldGroup(state)),
  'mark-range': (state) => stay(isOnProblems(state) ? markProblemRange(state) : markRange(state)),
  mark: (state) => stay(isOnProblems(state) ? markProblem(state) : markRow(state)),
  'mark-all': (state) => stay(isOnProblems(state) ? markAllProblems(state) : markAll(state)),
  match: (state, { by }) => stay(goToMatch(state, by)),
  'open-shell': (state, { kind, key }) => enterContainer(state, kind, key),
  attach: (state, { kind, key }) => enterContainer(state, kind, key),
  'ask-exec': (state, { command }) => askExec(state, command),
  'run-exec': runExec,
  ask: (state, { action }) => askOperations(state, action),
  run: runOperations,
  undo,
  retry,
  recreate,
  unlock,
  lock,
  'change-account': changeAccount,
  'open-operations': (state) => stay(openOperations(state)),
  'fold-job': (state) => stay(foldJob(state)),
  ...AUDIT_STEPS,
  ...PEOPLE_STEPS,
  choose: (state, { by }) => stay(chooseOption(state, by)),
  escape: escapeFrom,
  back,
  close: (state) => stay(closeScreen(state)),
  interrupt,
  quit: (state, { isSure }) => quit(state, isSure),
  suspend: (state) => ({ state, effects: [{ kind: 'suspend' }] }),
  redraw,
};

/** The step of an intent; one that would change what is locked says why and does nothing. */
export function onIntent(state: AppState, intent: Intent): Step {
  const why = whyForbidden(state, intent);
  if (why !== undefined) return say(state, 'warning', `Nothing was sent: ${why}.`);
  const step = STEPS[intent.kind] as (state: AppState, intent: Intent) => Step;
  return step(state, intent);
}

/** Draws anew, and asks again for what the view on top shows of a host. */
function redraw(state: AppState): Step {
  const asked = askAgain(state);
  return { state: asked.state, effects: [{ kind: 'redraw' }, ...asked.effects] };
}

function askAgain(state: AppState): Step {
  const screen = topScreen(state);
  if (isPeople(screen)) return refreshPeople(state);
  switch (screen.kind) {
    case 'link':
      return refreshLink(state);
    case 'metrics':
      return refreshMetrics(state);
    case 'processes':
      return refreshProcesses(state);
    case 'audit':
      return refreshAudit(state);
    case 'environment':
      return refreshEnvironment(state);
    case 'inspect':
      return refreshInspect(state);
    case 'diff':
      return refreshDiff(state);
    case 'history':
      return refreshHistory(state);
    default:
      return inspectAgain(state);
  }
}

function openHelp(state: AppState): AppState {
  const screen = topScreen(state);
  if (screen.kind === 'help') return state;
  return openScreen(state, { kind: 'help', of: screen.kind, search: '', at: 0 });
}

/** Leaves help and does what the line says, on the screen it was opened from. */
function runHelpLine(state: AppState): Step {
  const screen = topScreen(state);
  if (screen.kind !== 'help') return stay(state);
  const entry = helpEntries(state, screen)[screen.at];
  if (!entry) return stay(state);
  if ('fold' in entry.run)
    return stay(replaceTop(state, { ...screen, isUnfolded: !screen.isUnfolded }));
  const below: AppState = { ...state, screens: state.screens.slice(0, -1) };
  if ('key' in entry.run) return onBoundKey(below, entry.run.key, onIntent);
  const read = readCommand(below, entry.run.command);
  return typeof read === 'string' ? say(below, 'warning', read) : onIntent(below, read);
}
