/** GET /host/info: the machine's PCI devices and disks, as far as the agent can see them. */
import { pciDevices } from '../host/pci-devices.ts';
import { physicalDisks } from '../host/physical-disks.ts';
import { answerJson } from './answers.ts';
import type { ApiRoute } from './route-table.ts';

/** 200 with PCIDevices and PhysicalDisks (Portainer agent protocol); what can't be read is an empty list. */
export const hostRoute: ApiRoute = {
  method: 'GET',
  path: '/host/info',
  generations: ['', 'v1', 'v2'],
  access: 'signed',
  body: 'none',
  async answer({ response }, { hostRoot }) {
    const [devices, disks] = await Promise.all([
      pciDevices('/sys', hostRoot),
      physicalDisks('/sys'),
    ]);
    answerJson(response, { PCIDevices: devices, PhysicalDisks: disks });
  },
};
