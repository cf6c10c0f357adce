// SPDX-License-Identifier: Apache-2.0

/// Who the client is, behind proxies: told to the upstream, and asked by a rule.
extension BootstrapFile {
    static let clientFilters = """
                  - name: rbac
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC
                      rules:
                        action: DENY
                        policies:
                          nine:
                            permissions: [{any: true}]
                            principals:
                            - remote_ip: {address_prefix: 9.9.9.0, prefix_len: 24}
                            - remote_ip: {address_prefix: "2001:db8::", prefix_len: 32}
        """

    static let clientHosts = """
                    - name: all
                      domains: ["*"]
                      request_headers_to_add: [{header: {key: x-client, value: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"}}]
                      routes: [{match: {prefix: "/"}, route: {cluster: up}}]
        """
}
