/** Shows a URL in the browser of the person who sits here; over SSH there is none, and the URL is only told. */
import { spawn } from 'node:child_process';

/** Whether a program was started that shows it. */
export async function openUrl(url: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const hasDisplay = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  const isRemote = Boolean(env.SSH_CONNECTION || env.SSH_TTY);
  if (!hasDisplay || isRemote || !/^https?:\/\//u.test(url)) return false;
  const child = spawn('xdg-open', [url], { detached: true, stdio: 'ignore' });
  child.unref();
  return await new Promise((resolve) => {
    child.once('spawn', () => resolve(true));
    child.once('error', () => resolve(false));
  });
}
