import express, { type Request, type Response, Router } from 'express';
import type { Org } from './org.ts';
import { findObject } from './schema.ts';
import { PRACTICE_APP } from './sessions.ts';

/** The two SOAP calls that clients still make to sign in with a user name and password, and to sign out. */
export function soapRouter(org: Org): Router {
  const router = Router();
  router.use('/services/Soap', express.text({ type: () => true, limit: '1mb' }));
  router.post(['/services/Soap/:kind/:version', '/services/Soap/:kind/:version/:organization'], (req, res) => {
    const xml = String(req.body);
    if (/<(?:\w+:)?login[\s>]/.test(xml)) login(org, req, res, xml);
    else if (/<(?:\w+:)?logout[\s/>]/.test(xml)) logout(org, req, res, xml);
    else
      fault(org, req, res, 'UNKNOWN_EXCEPTION', 'Only login and logout are offered over SOAP here: use the REST API');
  });
  return router;
}

function login(org: Org, req: Request, res: Response, xml: string): void {
  const User = findObject('User');
  const user = User ? org.records.byId(User, org.userId) : undefined;
  const password = element(xml, 'password');
  if (element(xml, 'username') !== PRACTICE_APP.username || !password?.startsWith(PRACTICE_APP.password) || !user) {
    fault(org, req, res, 'INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.');
    return;
  }
  const { kind, version } = req.params;
  const serverUrl = `${org.url}/services/Soap/${kind}/${version}/${org.organizationId.slice(0, 15)}`;
  const info = {
    currencySymbol: '$',
    organizationId: org.organizationId,
    organizationName: 'Sluice Practice',
    userEmail: user.Email,
    userFullName: user.Name,
    userId: user.Id,
    userLanguage: 'en_US',
    userLocale: 'en_US',
    userName: user.Username,
    userTimeZone: user.TimeZoneSidKey,
    userType: 'Standard',
  };
  const userInfo = Object.entries(info)
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
  const result = [
    `<metadataServerUrl>${serverUrl}</metadataServerUrl><passwordExpired>false</passwordExpired><sandbox>false</sandbox>`,
    `<serverUrl>${serverUrl}</serverUrl><sessionId>${org.sessions.issue(org.userId)}</sessionId>`,
    `<userId>${org.userId}</userId><userInfo>${userInfo}</userInfo>`,
  ].join('');
  answer(org, req, res, 'soap login', 200, `<loginResponse><result>${result}</result></loginResponse>`);
}

function logout(org: Org, req: Request, res: Response, xml: string): void {
  const revoked = org.sessions.revoke(element(xml, 'sessionId') ?? '');
  if (revoked) answer(org, req, res, 'soap logout', 200, '<logoutResponse/>');
  else fault(org, req, res, 'INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader');
}

function fault(org: Org, req: Request, res: Response, code: string, message: string): void {
  const body = `<soapenv:Fault><faultcode>${code}</faultcode><faultstring>${code}: ${escapeXml(message)}</faultstring><detail><sf:LoginFault xmlns:sf="urn:fault.partner.soap.sforce.com"><sf:exceptionCode>${code}</sf:exceptionCode><sf:exceptionMessage>${escapeXml(message)}</sf:exceptionMessage></sf:LoginFault></detail></soapenv:Fault>`;
  answer(org, req, res, 'soap fault', 500, body);
}

function answer(org: Org, req: Request, res: Response, operation: string, status: number, body: string): void {
  org.requests.add({ operation, method: req.method, path: req.path, status, written: 0 });
  res
    .status(status)
    .type('text/xml')
    .send(
      `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`,
    );
}

function element(xml: string, name: string): string | undefined {
  const match = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)</`).exec(xml);
  return match?.[1]
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
