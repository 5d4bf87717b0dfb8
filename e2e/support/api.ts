// The same things over the API, where a journey is about something else.
import { createHmac, randomUUID } from 'node:crypto';
import { expect, type APIRequestContext, type APIResponse } from '@playwright/test';
import { OWNER, PASSWORD, RED_CORNER } from './people.ts';
import { TONIGHT } from './shop.ts';

export interface Paying {
  order: string;
  access: string;
  payment: string;
  amount: { amount: number; currency: string };
}

async function json(answer: APIResponse): Promise<any> {
  expect(answer.ok(), `${answer.url()} answered ${answer.status()}: ${await answer.text()}`).toBe(true);
  return answer.json();
}

const intent = (): Record<string, string> => ({ 'Idempotency-Key': randomUUID() });

/** Orders the best seat as a guest and begins to pay. */
export async function orderSeat(request: APIRequestContext, email: string, zones = ['UN']): Promise<Paying> {
  const event = await json(await request.get(`/api/v1/shop/events/${TONIGHT}`));
  const hold = await json(
    await request.post(`/api/v1/shop/events/${event.id}/best-available`, { data: { quantity: 1, zones }, headers: intent() }),
  );
  const order = await json(
    await request.post('/api/v1/orders', {
      data: { hold: { id: hold.id, secret: hold.secret }, buyer: { email, name: 'Demo Guest', locale: 'en' } },
      headers: intent(),
    }),
  );
  const payment = await json(
    await request.post(`/api/v1/orders/${order.id}/payments`, {
      data: { method: 'promptpay' },
      headers: { ...intent(), 'Order-Access': order.access },
    }),
  );
  return { order: order.id, access: order.access, payment: payment.id, amount: payment.amount };
}

/** The provider tells that the money arrived. */
export async function callback(request: APIRequestContext, paying: Paying, secret: string): Promise<APIResponse> {
  const body = JSON.stringify({
    id: `evt_${randomUUID()}`,
    payment_id: paying.payment,
    amount: paying.amount,
    reference: 'BANK-0001',
  });
  const time = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  return request.post('/api/v1/payments/callbacks/promptpay', {
    data: Buffer.from(body),
    headers: { 'Content-Type': 'application/json', 'Ringside-Signature': `t=${time},v1=${signature}` },
  });
}

/** An order that staff confirmed. */
export async function paidOrder(request: APIRequestContext, email: string): Promise<Paying> {
  const paying = await orderSeat(request, email);
  const session = await json(
    await request.post('/api/v1/sessions', { data: { email: OWNER, password: PASSWORD, token_in_body: true }, headers: intent() }),
  );
  const organisation = session.me.memberships
    .map((membership: any) => membership.organisation)
    .find((organisation: any) => organisation.name === RED_CORNER);
  await json(
    await request.post(`/api/v1/payments/${paying.payment}/confirm`, {
      data: { amount: paying.amount, reference: 'BANK-0002' },
      headers: {
        ...intent(),
        Authorization: `Bearer ${session.access_token}`,
        'Ringside-Organisation': organisation.id,
      },
    }),
  );
  return paying;
}
