// The map: what runs, what it needs, what it waits for. How it runs with and without containers: docs/adr/0011-aspire-everywhere.md
using EnterprisePortal.AppHost;
using EnterprisePortal.AppHost.Stores;
using Microsoft.Extensions.Configuration;
using static EnterprisePortal.Contracts.PortalServices;

return await Run.Portal(args, (builder, data) =>
{
    var stores = new Stores(builder, data);

    // Gateway: the one address staff know
    var gateway = Service<Projects.Gateway>(Gateway, Port("Portal")).WithExternalHttpEndpoints();

    // Identity: sign-in, users, sessions; and which services may ask for tokens of their own
    var identity = Service<Projects.Identity>(Identity).ProtectedBy(Secret("identity-data-protection-key"));
    string[] clients = [Accounts, Search, Sync, Reports, Permissions, Audit, Gateway];
    var secrets = clients.ToDictionary(client => client, client => Secret($"{client}-client-secret"));
    foreach (var (client, secret) in secrets)
        identity.WithEnvironment($"Clients__{client}", secret);

    // Services, each with a database of its own
    var accounts = AsClient(Accounts, Service<Projects.Accounts>(Accounts));
    var search = AsClient(Search, Service<Projects.Search>(Search));
    var sync = AsClient(Sync, Service<Projects.Sync>(Sync));
    var reports = AsClient(Reports, Service<Projects.Reports>(Reports)).ProtectedBy(Secret("data-protection-key"));
    var permissions = AsClient(Permissions, Service<Projects.Permissions>(Permissions));
    var audit = AsClient(Audit, Service<Projects.Audit>(Audit))
        .WithEnvironment("Audit__SigningKey", Secret("audit-signing-key"))
        .WithEnvironment("Audit__HeadsFolder", Folder("audit-heads"))
        .WithEnvironment("Audit__ArchiveFolder", Folder("audit-archive"));
    AsClient(Gateway, gateway).ProtectedBy(Secret("gateway-data-protection-key"));
    foreach (var service in new[] { accounts, search, sync, reports, permissions, audit })
        gateway.WithReference(service);

    if (builder.ExecutionContext.IsPublishMode)
    {
        SignInWith("Google", ReferenceExpression.Create($"https://accounts.google.com"),
            builder.AddParameter("google-client-id"), builder.AddParameter("google-client-secret", secret: true));
        SignInWith("Microsoft", ReferenceExpression.Create($"https://login.microsoftonline.com/organizations/v2.0"),
            builder.AddParameter("microsoft-client-id"), builder.AddParameter("microsoft-client-secret", secret: true));
        PortalUrl(ReferenceExpression.Create($"{builder.AddParameter("portal-url")}"));
        return;
    }

    // Stand-ins for Google and Microsoft
    var (clientId, providerSecret) = (builder.AddParameter("sign-in-client-id", "enterprise-portal"), Secret("sign-in-client-secret"));
    var providers = StandIn<Projects.DevSignIn>("devsignin", Port("SignIn")).WithEnvironment("DevSignIn__ClientSecret", providerSecret);
    SignInWith("Google", At(providers, "google"), clientId, providerSecret);
    SignInWith("Microsoft", At(providers, "microsoft/organizations/v2.0"), clientId, providerSecret);
    identity.WithEnvironment("Mail__Folder", data.Below("mail")).WithEnvironment("Operators__0", "operator@portal.example");

    // The accounts' side, with demo data. It shares a database server with the portal here, but not a database, and not the broker.
    var office = StandIn<Projects.OfficePortal>("officeportal", Port("Office"));
    var officeDb = stores.Database("officeportal");
    office.WithReference(officeDb, "officeportal").WaitFor(officeDb).ProtectedBy(Secret("officeportal-data-protection-key"))
        .WithEnvironment("Office__Url", office.GetEndpoint("http"))
        .WithEnvironment("Demo__Folder", data.Below("demo"))
        .WithEnvironment("Demo__Accounts", builder.Configuration["Demo:Accounts"])
        .WithEnvironment("Demo__Families", builder.Configuration["Demo:Families"]);

    // The demo world is imported like a real enterprise: enterprise.json, and pairing codes issued by the accounts' owners.
    AsClient(Accounts, Project<Projects.Accounts>("import", Accounts)).WithArgs("import", data.Below("demo"), "--until-synced")
        .WaitFor(office).WaitForStarted(identity).WaitForStarted(accounts).WaitForStarted(gateway);

    PortalUrl(At(gateway, ""));
    builder.AddLinksAndCommands(gateway, office, data);

    IResourceBuilder<ParameterResource> Secret(string name) => builder.AddSecret(name, data);
    int Port(string name) => builder.Configuration.GetValue<int>($"Ports:{name}");
    ReferenceExpression At(IResourceBuilder<ProjectResource> project, string path) =>
        ReferenceExpression.Create($"{project.GetEndpoint("http")}/{path}");

    IResourceBuilder<ParameterResource> Folder(string name) => builder.AddParameter(name,
        // Outside the database; in production a volume that all replicas share and that is backed up separately from it.
        builder.ExecutionContext.IsPublishMode ? $"/var/lib/{name}" : data.Below(name));

    IResourceBuilder<ProjectResource> Service<TProject>(string name, int? port = null) where TProject : IProjectMetadata, new() =>
        Project<TProject>(name, name).AsService(port);

    IResourceBuilder<ProjectResource> Project<TProject>(string name, string database) where TProject : IProjectMetadata, new()
    {
        var db = stores.Database(database);
        return builder.AddBuilt<TProject>(name).WithReference(db, database).WaitFor(db)
            .WithReference(stores.Messaging).WaitFor(stores.Messaging);
    }

    IResourceBuilder<ProjectResource> StandIn<TProject>(string name, int port) where TProject : IProjectMetadata, new() =>
        builder.AddBuilt<TProject>(name).AnswersAt(port);

    IResourceBuilder<ProjectResource> AsClient(string client, IResourceBuilder<ProjectResource> project) => project
        .WithReference(identity).WithEnvironment("Portal__Client", client).WithEnvironment("Portal__ClientSecret", secrets[client]);

    void SignInWith(string provider, ReferenceExpression authority,
        IResourceBuilder<ParameterResource> id, IResourceBuilder<ParameterResource> secret) => identity
        .WithEnvironment($"SignIn__{provider}__Authority", authority)
        .WithEnvironment($"SignIn__{provider}__ClientId", id).WithEnvironment($"SignIn__{provider}__ClientSecret", secret);

    void PortalUrl(ReferenceExpression url) => builder.Resources.OfType<ProjectResource>().ToList()
        .ForEach(project => builder.CreateResourceBuilder(project).WithEnvironment("Portal__Url", url));
});
