import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';

/** A browser behind a proxy, and a server of the one page that it opens. */
export interface UppyBrowser {
  open(options: { readonly endpoint: string; readonly title: string; readonly parts?: boolean }): Promise<Page>;
  /** Waits until the page says that. */
  untilState(page: Page, state: string, limitMs?: number): Promise<void>;
  /** A picture of the page, where SCREENSHOTS names a folder. */
  picture(page: Page, name: string): Promise<void>;
  close(): Promise<void>;
}

export async function startUppyBrowser(executablePath: string, proxy: string): Promise<UppyBrowser> {
  const entry = fileURLToPath(new URL('./uppy-page.mjs', import.meta.url));
  const bundle = await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife', logLevel: 'silent' });
  const script = bundle.outputFiles[0]?.text ?? '';
  const server = createServer((asked, answer) => {
    const isScript = asked.url?.startsWith('/page.js') ?? false;
    answer.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
    answer.end(isScript ? script : '<!doctype html><meta charset="utf-8"><title>Uppy</title><body><script src="/page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser: Browser = await chromium.launch({
    executablePath,
    proxy: { server: proxy },
    // A container has little shared memory, and root no sandbox. The pages are our own.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
  });
  let count = 0;
  return {
    async open({ endpoint, title, parts }) {
      count += 1;
      const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
      page.setDefaultTimeout(30_000);
      const query = new URLSearchParams({ endpoint, title, id: `uppy-${count}`, ...(parts ? { parts: '1' } : {}) });
      await page.goto(`${address}/?${query}`);
      return page;
    },
    async untilState(page, state, limitMs = 60_000) {
      const line = page.locator('#state');
      const endMs = Date.now() + limitMs;
      while ((await line.textContent()) !== state) {
        if (Date.now() > endMs) throw new Error(`not "${state}" but "${await line.textContent()}":\n${await page.locator('#log').textContent()}`);
        await page.waitForTimeout(100);
      }
    },
    async picture(page, name) {
      if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
    },
    async close() {
      await browser.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
