// The map: what runs, what it needs, what it waits for. It runs in two ways: docs/adr/0001-two-ways-to-run.md
using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);
var settings = builder.Configuration;
var portalUrl = builder.AddParameter("portal-url", $"http://localhost:{Port("Portal")}/");

// Stores
var postgres = builder.AddPostgres("postgres").WithImageTag("17.6").WithDataVolume();
var messaging = builder.AddRabbitMQ("messaging").WithImageTag("4.3").WithDataVolume().WithManagementPlugin();

// Identity: sign-in, users, sessions; and which services may ask for tokens of their own
string[] clients = ["accounts", "search", "sync", "reports", "permissions", "audit", "gateway"];
var secrets = clients.ToDictionary(client => client, client => Secret($"{client}-client-secret"));
var identity = Service<Projects.Identity>("identity", Database("identity"))
    .WithEnvironment("DataProtection__Key", Secret("identity-data-protection-key"));
foreach (var (client, secret) in secrets)
    identity.WithEnvironment($"Clients__{client}", secret);

// Services, each with a database of its own
var accountsDb = Database("accounts");
var accounts = AsClient("accounts", Service<Projects.Accounts>("accounts", accountsDb));
var search = AsClient("search", Service<Projects.Search>("search", Database("search")));
var sync = AsClient("sync", Service<Projects.Sync>("sync", Database("sync")));
var reports = AsClient("reports", Service<Projects.Reports>("reports", Database("reports")))
    .WithEnvironment("DataProtection__Key", Secret("data-protection-key"));
var permissions = AsClient("permissions", Service<Projects.Permissions>("permissions", Database("permissions")));
var audit = AsClient("audit", Service<Projects.Audit>("audit", Database("audit")))
    .WithEnvironment("Audit__SigningKey", Secret("audit-signing-key"))
    .WithEnvironment("Audit__HeadsFolder", AuditFolder("audit-heads"))
    .WithEnvironment("Audit__ArchiveFolder", AuditFolder("audit-archive"));

// Gateway: the one address staff know
var gateway = AsClient("gateway", Service<Projects.Gateway>("gateway", Database("gateway"), Port("Portal")))
    .WithReference(accounts).WithReference(search).WithReference(sync).WithReference(reports).WithReference(permissions).WithReference(audit)
    .WithEnvironment("DataProtection__Key", Secret("gateway-data-protection-key"))
    .WithExternalHttpEndpoints();

if (builder.ExecutionContext.IsPublishMode)
{
    SignInWith("Google", "https://accounts.google.com",
        builder.AddParameter("google-client-id"), builder.AddParameter("google-client-secret", secret: true));
    SignInWith("Microsoft", "https://login.microsoftonline.com/organizations/v2.0",
        builder.AddParameter("microsoft-client-id"), builder.AddParameter("microsoft-client-secret", secret: true));
}
else
{
    // Stand-ins for Google and Microsoft
    var providers = $"http://localhost:{Port("SignIn")}";
    var clientId = builder.AddParameter("sign-in-client-id", "enterprise-portal");
    var clientSecret = Secret("sign-in-client-secret");
    SignInWith("Google", $"{providers}/google", clientId, clientSecret);
    SignInWith("Microsoft", $"{providers}/microsoft/organizations/v2.0", clientId, clientSecret);
    identity.WithEnvironment("Mail__Folder", Path.GetFullPath(Path.Combine(settings["Data"]!, "mail"), builder.AppHostDirectory));
    builder.AddProject<Projects.DevSignIn>("devsignin", launchProfileName: null)
        .WithHttpEndpoint(port: Port("SignIn")).WithHttpHealthCheck("/health")
        .WithEnvironment("Portal__Url", portalUrl)
        .WithEnvironment("DevSignIn__ClientSecret", clientSecret);

    // The accounts' own side, with demo data. It shares a server with the portal here, but neither its database nor the broker.
    var officeDb = Database("officeportal");
    var demoFolder = Path.GetFullPath(Path.Combine(settings["Data"]!, "demo"), builder.AppHostDirectory);
    var officePortal = builder.AddProject<Projects.OfficePortal>("officeportal", launchProfileName: null)
        .WithHttpEndpoint(port: Port("Office")).WithHttpHealthCheck("/health")
        .WithReference(officeDb, "officeportal").WaitFor(officeDb)
        .WithEnvironment("Portal__Url", portalUrl)
        .WithEnvironment("Office__Url", $"http://localhost:{Port("Office")}")
        .WithEnvironment("DataProtection__Key", Secret("officeportal-data-protection-key"))
        .WithEnvironment("Demo__Folder", demoFolder)
        .WithEnvironment("Demo__Accounts", settings["Demo:Accounts"])
        .WithEnvironment("Demo__Families", settings["Demo:Families"]);

    // The demo world comes in by the door of a real enterprise: enterprise.json, and pairing codes of the accounts' owners.
    AsClient("accounts", Project<Projects.Accounts>("import", accountsDb, "accounts")).WithArgs("import", demoFolder, "--until-synced")
        .WaitFor(officePortal).WaitFor(identity).WaitFor(accounts).WaitFor(gateway);
}

await builder.Build().RunAsync();

int Port(string name) => settings.GetValue<int>($"Ports:{name}");

// Outside of the database; in production a volume that all replicas share and that is backed up apart from it.
IResourceBuilder<ParameterResource> AuditFolder(string name) => builder.AddParameter(name,
    builder.ExecutionContext.IsPublishMode ? $"/var/lib/{name}" : Path.GetFullPath(Path.Combine(settings["Data"]!, name), builder.AppHostDirectory));

IResourceBuilder<ParameterResource> Secret(string name) =>
    builder.AddParameter(name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

// Resource names are unique, and the service has the plain one.
IResourceBuilder<PostgresDatabaseResource> Database(string name) => postgres.AddDatabase($"{name}-db", name);

IResourceBuilder<ProjectResource> Service<TProject>(string name, IResourceBuilder<PostgresDatabaseResource> db, int? port = null)
    where TProject : IProjectMetadata, new() =>
    Project<TProject>(name, db, name).WithHttpEndpoint(port: port).WithHttpHealthCheck("/health").WithReplicas(settings.GetValue("Replicas", 1));

IResourceBuilder<ProjectResource> Project<TProject>(string name, IResourceBuilder<PostgresDatabaseResource> db, string dbName)
    where TProject : IProjectMetadata, new() =>
    builder.AddProject<TProject>(name, launchProfileName: null)
        .WithReference(db, dbName).WaitFor(db)
        .WithReference(messaging).WaitFor(messaging)
        .WithEnvironment("Portal__Url", portalUrl);

IResourceBuilder<ProjectResource> AsClient(string client, IResourceBuilder<ProjectResource> project) =>
    project.WithReference(identity).WithEnvironment("Portal__Client", client).WithEnvironment("Portal__ClientSecret", secrets[client]);

void SignInWith(string provider, string authority, IResourceBuilder<ParameterResource> clientId, IResourceBuilder<ParameterResource> clientSecret) =>
    identity.WithEnvironment($"SignIn__{provider}__Authority", authority)
        .WithEnvironment($"SignIn__{provider}__ClientId", clientId)
        .WithEnvironment($"SignIn__{provider}__ClientSecret", clientSecret);
