# SPDX-License-Identifier: Apache-2.0
"""The speed of malla-proxy beside Envoy, HAProxy and nginx. See ../README.md."""
