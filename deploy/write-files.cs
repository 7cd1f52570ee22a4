#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
#:property NoWarn=$(NoWarn);MA0047
// Writes deploy/compose, deploy/kubernetes and deploy/systemd from deploy/manifest.json, which AppHost/Program.cs writes:
//   dotnet run deploy/write-files.cs [FOLDER]
// Services, what they call, their settings and secrets therefore stand once, in the map. A test compares the files under review with it.
// What a company sets differently goes into .env, an overlay of Kustomize or a drop-in of systemd, never into these files.
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

const string Written = "# Written by deploy/write-files.cs from deploy/manifest.json. Do not edit: see docs/deployment.md.\n";
const int Port = 8080;
string[] scaled = ["gateway", "search", "reports"];

var deploy = Path.GetDirectoryName(Here())!;
var output = args is [var folder] ? folder : deploy;
using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(deploy, "manifest.json")));
var resources = manifest.RootElement.GetProperty("resources").EnumerateObject().ToDictionary(one => one.Name, one => one.Value);
var parameters = resources.Where(one => Type(one.Value) == "parameter.v0").Select(one => one.Key).ToHashSet();
var services = resources.Where(one => Type(one.Value) == "project.v0").Select(one => Service(one.Key, one.Value)).ToList();
// Named in docs/operations.md, and not in the map, whose Development writes mails into a folder.
foreach (var service in services)
    service.Settings.AddRange(service.Name switch
    {
        "identity" => Settings("Mail__Host", "Mail__Port", "Mail__User", "Mail__Password", "Mail__From"),
        "gateway" => [("ForwardedHeaders__KnownProxies", "{proxies.value}")],
        _ => []
    });

Write("compose/compose.yaml", Compose());
Write("compose/.env.example", Variables());
foreach (var service in services)
{
    Write($"kubernetes/base/{service.Name}.yaml", EmptyLine().Replace(Kubernetes(service), ""));
    Write($"systemd/enterprise-portal-{service.Name}.service", Unit(service));
    Write($"systemd/{service.Name}.env.example", EnvironmentFile(service));
}
Write("kubernetes/example/secrets.env.example", Lines(
    parameters.Where(IsSecret).Append("mail-password").Except(["postgres-password", "messaging-password"]), name => $"{name}="));
Write("kubernetes/base/kustomization.yaml", $"""
    apiVersion: kustomize.config.k8s.io/v1beta1
    kind: Kustomization
    namespace: enterprise-portal
    resources:
      - stores.yaml
      - shared.yaml
    {Lines(services, service => $"  - {service.Name}.yaml")}
    """);

string Compose() => $$"""
    # One machine: PostgreSQL, RabbitMQ, the services, and a proxy that gets its certificate by itself.
    #   cp .env.example .env; chmod 600 .env; edit it; docker compose up -d
    name: enterprise-portal

    x-service: &service
      restart: unless-stopped
      read_only: true
      tmpfs: [/tmp]
      cap_drop: [ALL]
      security_opt: ["no-new-privileges:true"]
      stop_grace_period: 40s
      depends_on:
        postgres: { condition: service_healthy }
        messaging: { condition: service_healthy }

    services:
      postgres:
        image: {{resources["postgres"].GetProperty("image").GetString()}}
        restart: unless-stopped
        environment: { POSTGRES_USER: portal, POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:?}" }
        shm_size: 256m
        volumes: ["postgres:/var/lib/postgresql/data"]
        configs: [{ source: databases, target: /docker-entrypoint-initdb.d/databases.sql }]
        healthcheck: { test: [CMD-SHELL, pg_isready -U portal -d {{services[^1].Name}}], interval: 5s, retries: 24 }

      messaging:
        image: {{resources["messaging"].GetProperty("image").GetString()}}
        restart: unless-stopped
        hostname: messaging
        environment: { RABBITMQ_DEFAULT_USER: portal, RABBITMQ_DEFAULT_PASS: "${MESSAGING_PASSWORD:?}" }
        volumes: ["messaging:/var/lib/rabbitmq"]
        healthcheck: { test: [CMD, rabbitmq-diagnostics, -q, check_running], interval: 5s, retries: 24, start_period: 10s }

      # The only one that can be reached from outside.
      proxy:
        image: docker.io/library/caddy:2
        restart: unless-stopped
        ports: ["80:80", "443:443", "443:443/udp"]
        command: caddy reverse-proxy --from ${PORTAL_HOST:?} --to gateway:{{Port}}
        volumes: ["certificates:/data"]
        networks: { default: { ipv4_address: 172.30.0.2 } }
    {{Lines(services, service => $$"""

          {{service.Name}}:
            <<: *service
            image: ${REGISTRY:-}enterprise-portal/{{service.Name}}:${VERSION:?}
            environment:
        {{Lines(service.Settings, setting => $"      {setting.Name}: {Quoted(InCompose(setting.Value))}")}}{{Mounts(service)}}
        """)}}

    configs:
      databases:
        content: |
    {{Lines(services, service => $"      create database {service.Name};")}}

    volumes:
      postgres:
      messaging:
      certificates:
    {{Lines(services.SelectMany(service => service.Volumes), volume => $"  {volume}:")}}

    networks:
      default: { ipam: { config: [{ subnet: 172.30.0.0/24 }] } }
    """;

static string Mounts(ServiceFacts service) => service.Volumes.Count == 0 ? ""
    : $"\n    volumes: [{string.Join(", ", service.Volumes.Select(volume => Quoted($"{volume}:/var/lib/{volume}")))}]";

string Variables() => $"""
    # docker compose reads this as .env. A secret: openssl rand -hex 24; keep a copy apart from the backups of the databases.
    VERSION=
    # With a slash at its end; empty for images that were loaded on this machine.
    REGISTRY=
    PORTAL_HOST=portal.example.com
    POSTGRES_PASSWORD=
    MESSAGING_PASSWORD=
    {Lines(services.SelectMany(Variable).Distinct().Order(StringComparer.Ordinal), name => $"{name}=")}
    """;

IEnumerable<string> Variable(ServiceFacts service) => service.Settings
    .SelectMany(setting => Reference().Matches(InCompose(setting.Value))).Select(match => match.Groups[1].Value)
    .Where(name => name is not ("POSTGRES_PASSWORD" or "MESSAGING_PASSWORD" or "PORTAL_HOST" or "VERSION"));

string InCompose(string value) => Resolve(value, "postgres", "messaging", parameter => parameter switch
{
    "proxies" => "172.30.0.2",
    "portal-url" => "https://${PORTAL_HOST:?}/",
    "audit-heads" or "audit-archive" => $"/var/lib/{parameter}",
    "mail-port" => "${MAIL_PORT:-587}",
    "mail-user" or "mail-password" => $"${{{Upper(parameter)}:-}}",
    _ => $"${{{Upper(parameter)}:?}}"
}, password => $"${{{password}_PASSWORD:?}}");

string Kubernetes(ServiceFacts service) => $$"""
    apiVersion: apps/v1
    kind: Deployment
    metadata: { name: {{service.Name}}, labels: { app: {{service.Name}}, part-of: enterprise-portal } }
    spec:
    {{(scaled.Contains(service.Name) ? "  # How many: the autoscaler below." : "  replicas: 2")}}
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }
      selector: { matchLabels: { app: {{service.Name}} } }
      template:
        metadata: { labels: { app: {{service.Name}}, part-of: enterprise-portal } }
        spec:
          automountServiceAccountToken: false
          enableServiceLinks: false
          terminationGracePeriodSeconds: 40
          securityContext: { runAsNonRoot: true, runAsUser: 1654, fsGroup: 1654, seccompProfile: { type: RuntimeDefault } }
          topologySpreadConstraints:
            - { maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway,
                labelSelector: { matchLabels: { app: {{service.Name}} } } }
          containers:
            - name: {{service.Name}}
              image: enterprise-portal/{{service.Name}}
              ports: [{ name: http, containerPort: {{Port}} }]
              securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
              resources: { requests: { cpu: 100m, memory: 192Mi }, limits: { memory: 768Mi } }
              # Migrations run before it answers, one replica after the other.
              startupProbe: { {{Get(service, "alive")}}, periodSeconds: 2, failureThreshold: 150 }
              livenessProbe: { {{Get(service, "alive")}}, periodSeconds: 10, failureThreshold: 6 }
              readinessProbe: { {{Get(service, "health")}}, periodSeconds: 5, failureThreshold: 2 }
              env:
                - { name: POSTGRES_PASSWORD, valueFrom: { secretKeyRef: { name: portal-postgres-app, key: password } } }
                - { name: MESSAGING_USER, valueFrom: { secretKeyRef: { name: portal-messaging-default-user, key: username } } }
                - { name: MESSAGING_PASSWORD, valueFrom: { secretKeyRef: { name: portal-messaging-default-user, key: password } } }
    {{Lines(service.Settings, setting => $"            - {{ name: {setting.Name}, {InKubernetes(setting.Name, setting.Value)} }}")}}
              volumeMounts:
                - { name: temporary, mountPath: /tmp }
    {{Lines(service.Volumes, volume => $"            - {{ name: {volume}, mountPath: /var/lib/{volume} }}")}}
          volumes:
            - { name: temporary, emptyDir: {} }
    {{Lines(service.Volumes, volume => $"        - {{ name: {volume}, persistentVolumeClaim: {{ claimName: {volume} }} }}")}}
    ---
    apiVersion: v1
    kind: Service
    metadata: { name: {{service.Name}} }
    spec: { selector: { app: {{service.Name}} }, ports: [{ name: http, port: {{Port}}, targetPort: http }] }
    ---
    apiVersion: policy/v1
    kind: PodDisruptionBudget
    metadata: { name: {{service.Name}} }
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: {{service.Name}} } } }
    ---
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: { name: {{service.Name}} }
    spec:
      podSelector: { matchLabels: { app: {{service.Name}} } }
      policyTypes: [Ingress]
      ingress:
        - ports: [{ port: http }]
          from:
    {{(service.Name == "gateway" ? "        - namespaceSelector: { matchLabels: { enterprise-portal/ingress: \"true\" } }"
            : Lines(services.Where(caller => caller.Calls.Contains(service.Name)),
                caller => $"        - podSelector: {{ matchLabels: {{ app: {caller.Name} }} }}"))}}
    {{(scaled.Contains(service.Name) ? $$"""
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: { name: {{service.Name}} }
        spec:
          scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{service.Name}} }
          minReplicas: 2
          maxReplicas: 6
          metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 300 } } }]
        """ : "")}}
    """;

// The gateway answers to its own name only, its probes too; an overlay puts it in.
static string Get(ServiceFacts service, string path) => service.Name == "gateway"
    ? $"httpGet: {{ path: /{path}, port: http, httpHeaders: [{{ name: Host, value: portal.example.com }}] }}"
    : $"httpGet: {{ path: /{path}, port: http }}";

string InKubernetes(string setting, string value)
{
    if (value is ['{', .. var inner, '}'] && inner.EndsWith(".value", StringComparison.Ordinal) && inner[..^6] is var only
        && only is not ("audit-heads" or "audit-archive"))
        return IsSecret(only) ? $"valueFrom: {{ secretKeyRef: {{ name: portal-secrets, key: {only}{Optional(setting)} }} }}"
            : $"valueFrom: {{ configMapKeyRef: {{ name: portal, key: {only}{Optional(setting)} }} }}";
    return $"value: {Quoted(Resolve(value, "portal-postgres-rw", "portal-messaging", parameter => $"/var/lib/{parameter}",
        password => $"$({password}_PASSWORD)", "$(MESSAGING_USER)"))}";
}

string Unit(ServiceFacts service) => $"""
    [Unit]
    Description=Enterprise Portal: {service.Name}
    After=network-online.target
    Wants=network-online.target
    # RabbitMQ or PostgreSQL may be away for hours.
    StartLimitIntervalSec=0

    [Service]
    ExecStart=/usr/bin/dotnet /opt/enterprise-portal/{service.Name}/{service.Dll}.dll
    WorkingDirectory=/opt/enterprise-portal/{service.Name}
    EnvironmentFile=/etc/enterprise-portal/{service.Name}.env
    DynamicUser=yes
    {(service.Volumes.Count == 0 ? "" : $"StateDirectory={string.Join(' ', service.Volumes)}\n")}Restart=always
    RestartSec=2
    TimeoutStopSec=40
    ProtectSystem=strict
    ProtectHome=yes
    PrivateTmp=yes
    PrivateDevices=yes
    ProtectKernelTunables=yes
    ProtectControlGroups=yes
    RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
    CapabilityBoundingSet=
    MemoryMax=1G

    [Install]
    WantedBy=multi-user.target
    """;

string EnvironmentFile(ServiceFacts service) => $"""
    # /etc/enterprise-portal/{service.Name}.env, mode 600. The same on every machine that runs {service.Name}.
    {Lines(service.Settings, setting => $"{setting.Name}={InFile(service, setting.Name, setting.Value)}")}
    """;

string InFile(ServiceFacts service, string setting, string value) => setting switch
{
    "HTTP_PORTS" => $"{PortOf(service.Name)}",
    _ => Local().Replace(Resolve(value, "localhost", "localhost",
        parameter => parameter is "audit-heads" or "audit-archive" ? $"/var/lib/{parameter}" : "", _ => ""),
        match => $"http://localhost:{PortOf(match.Groups[1].Value)}")
};

// One machine, one port each; the gateway's is the proxy's business.
int PortOf(string service) => Port + services.FindIndex(one => one.Name == service);

string Resolve(string value, string postgres, string messaging, Func<string, string> parameter, Func<string, string> password,
    string messagingUser = "portal") => Inner().Replace(value, match => match.Groups[1].Value.Split('.') switch
{
    [var name, "bindings", "http", "targetPort"] when services.Any(service => service.Name == name) => $"{Port}",
    [var name, "bindings", "http", "url"] => $"http://{name}:{Port}",
    ["messaging", "connectionString"] => $"amqp://{messagingUser}:{password("MESSAGING")}@{messaging}:5672",
    [var name, "connectionString"] =>
        $"Host={postgres};Port=5432;Username=portal;Password={password("POSTGRES")};Database={name[..^"-db".Length]}",
    [var name, "value"] => parameter(name),
    _ => throw new InvalidOperationException($"The manifest has something new: {match.Value}")
});

ServiceFacts Service(string name, JsonElement project)
{
    var settings = project.GetProperty("env").EnumerateObject().Select(one => (one.Name, Value: one.Value.GetString()!))
        // What Aspire adds for programs in other languages, and what only means something behind its own proxies.
        .Where(setting => !Foreign().IsMatch(setting.Name) && setting.Name != "ASPNETCORE_FORWARDEDHEADERS_ENABLED").ToList();
    return new(name, Path.GetFileNameWithoutExtension(project.GetProperty("path").GetString()!), settings,
        [.. settings.Select(setting => Called().Match(setting.Name)).Where(match => match.Success).Select(match => match.Groups[1].Value)],
        [.. settings.Where(setting => setting.Name.EndsWith("Folder", StringComparison.Ordinal)).Select(setting => setting.Value[1..^7])]);
}

static IEnumerable<(string, string)> Settings(params string[] names) =>
    names.Select(name => (name, $"{{{name.Replace("__", "-", StringComparison.Ordinal).ToLowerInvariant()}.value}}"));

bool IsSecret(string parameter) => parameter == "mail-password"
    || parameters.Contains(parameter) && resources[parameter].GetProperty("inputs").GetProperty("value").TryGetProperty("secret", out _);

static string Optional(string setting) => setting is "Mail__User" or "Mail__Password" or "Mail__Port" ? ", optional: true" : "";

static string Type(JsonElement resource) => resource.GetProperty("type").GetString()!;

static string Upper(string parameter) => parameter.Replace('-', '_').ToUpperInvariant();

static string Quoted(string value) => $"\"{value}\"";

static string Lines<T>(IEnumerable<T> of, Func<T, string> line) => string.Join('\n', of.Select(line));

void Write(string file, string text)
{
    var path = Path.Combine(output, file);
    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
    File.WriteAllText(path, Written + text.TrimEnd() + "\n", new UTF8Encoding(false));
}

static string Here([CallerFilePath] string file = "") => file;

/// <param name="Settings">Name and value, which refers to others as the manifest does.</param>
/// <param name="Calls">The services it sends requests to.</param>
/// <param name="Volumes">Folders that all its replicas share.</param>
sealed record ServiceFacts(
    string Name, string Dll, List<(string Name, string Value)> Settings, IReadOnlyList<string> Calls, IReadOnlyList<string> Volumes);

sealed partial class Program
{
    [GeneratedRegex("^[A-Z]+_(HOST|PORT|USERNAME|PASSWORD|URI|JDBCCONNECTIONSTRING|DATABASENAME|HTTP)$")]
    private static partial Regex Foreign();

    // Where a service has nothing of a kind: no volume, no autoscaler.
    [GeneratedRegex(@"^\s*\n", RegexOptions.Multiline)]
    private static partial Regex EmptyLine();

    [GeneratedRegex("^services__(.+)__http__0$")]
    private static partial Regex Called();

    [GeneratedRegex("[{]([a-z.A-Z-]+)[}]")]
    private static partial Regex Inner();

    [GeneratedRegex("[$][{]([A-Z_]+)[:}]")]
    private static partial Regex Reference();

    [GeneratedRegex("http://([a-z]+):8080")]
    private static partial Regex Local();
}
