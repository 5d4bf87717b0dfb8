// A ticket held in front of the camera: the picture comes from a file, the reading from our own decoder.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test, type Page } from '@playwright/test';
import { paidOrder } from './support/api.ts';
import { answer, standAt } from './support/gate.ts';
import { freshAddress } from './support/shop.ts';

const WIDTH = 640;
const HEIGHT = 480;

/** Draws the code into the middle of a picture and gives how bright each point is. */
async function brightness(page: Page, svg: string): Promise<number[]> {
  return page.evaluate(
    async ({ svg, width, height }) => {
      const image = new Image();
      image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      context.fillStyle = '#888';
      context.fillRect(0, 0, width, height);
      context.drawImage(image, (width - 360) / 2, (height - 360) / 2, 360, 360);
      const { data } = context.getImageData(0, 0, width, height);
      return Array.from({ length: width * height }, (_, at) => data[4 * at]);
    },
    { svg, width: WIDTH, height: HEIGHT },
  );
}

/** A film without motion in the form Chromium's false camera plays: YUV4MPEG2. */
function film(grey: number[]): Buffer {
  const colours = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), Buffer.from(grey), colours]);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]);
}

test('the camera reads a ticket without a tap', async ({ page, request, baseURL }, info) => {
  const paid = await paidOrder(request, freshAddress('camera'));
  const order = await (await request.get(`/api/v1/orders/${paid.order}`, { headers: { 'Order-Access': paid.access } })).json();
  const qr = await request.get(`/api/v1/tickets/${order.tickets[0].id}/qr?format=svg&size=512`, {
    headers: { 'Order-Access': paid.access },
  });
  const folder = mkdtempSync(join(tmpdir(), 'ringside-camera-'));
  const picture = join(folder, 'ticket.y4m');
  await page.goto('/');
  writeFileSync(picture, film(await brightness(page, await qr.text())));
  const { executablePath, args } = info.project.use.launchOptions ?? {};
  const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${picture}`];
  const browser = await chromium.launch({ executablePath, args: [...(args ?? []), ...camera] });
  try {
    const context = await browser.newContext({ baseURL, locale: 'en-GB', permissions: ['camera'] });
    const gate = await context.newPage();
    await standAt(gate, 'Gate A');
    await expect(answer(gate, 'enter')).toContainText('Upper north');
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
});
