using System.Net.Http.Headers;
using System.Text;

namespace EnterprisePortal.Local;

/// <summary>A RabbitMQ node of its own in a folder, from the machine's binaries, with its own epmd, so that it meets no other node.</summary>
sealed class PrivateRabbitMQ : PrivateServer
{
    // Debian's /usr/sbin/rabbitmq-server switches user and uses the system's data; this one runs as anybody, anywhere.
    static readonly string[] Programs = ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/usr/local/lib/rabbitmq/bin/rabbitmq-server"];

    PrivateRabbitMQ(string folder, int port, int managementPort, string user, string password) : base(folder) =>
        (ConnectionString, ManagementUrl) = ($"amqp://{user}:{password}@127.0.0.1:{port}", $"http://127.0.0.1:{managementPort}");

    /// <summary>The default virtual host; append <c>/name</c> for another.</summary>
    public string ConnectionString { get; }
    public string ManagementUrl { get; }

    /// <param name="port">0: any free one; so with <paramref name="managementPort"/>.</param>
    /// <param name="password">The one of the first start; the folder keeps it. Letters and digits.</param>
    public static async Task<PrivateRabbitMQ> Start(string folder, int port, int managementPort, string user, string password, Action<int, string>? started, CancellationToken cancel)
    {
        port = port == 0 ? FreePort.Next() : port;
        managementPort = managementPort == 0 ? FreePort.Next() : managementPort;
        var (epmdPort, nodesPort) = (FreePort.Next(), FreePort.Next());
        folder = Path.GetFullPath(folder);
        var program = Programs.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("RabbitMQ is not installed. On Debian or Ubuntu: apt-get install rabbitmq-server. Or set ConnectionStrings__messaging.");

        var server = new PrivateRabbitMQ(folder, port, managementPort, user, password);
        WriteConfiguration(folder, port, managementPort, user, password);
        // Started by RabbitMQ itself it would outlive us.
        server.StartChild(["epmd", "-address", "127.0.0.1", "-port", $"{epmdPort}"], "TERM", started);
        server.StartChild([program], "TERM", started, new()
        {
            ["HOME"] = Path.Combine(folder, "home"),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "env.conf"),
            ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
            ["RABBITMQ_NODENAME"] = "portal@localhost",
            ["RABBITMQ_NODE_PORT"] = $"{port}",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_DIST_PORT"] = $"{nodesPort}",
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
            ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(folder, "generated"),
            ["RABBITMQ_FEATURE_FLAGS_FILE"] = Path.Combine(folder, "feature_flags"),
            ["RABBITMQ_PID_FILE"] = Path.Combine(folder, "pid"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false +sbwt none +sbwtdcpu none +sbwtdio none",
            ["ERL_CRASH_DUMP"] = "/dev/null",
            ["ERL_EPMD_PORT"] = $"{epmdPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            // The script then execs, so that the process we started is the node.
            ["RUNNING_UNDER_SYSTEMD"] = "1"
        });

        using var http = new HttpClient { BaseAddress = new(server.ManagementUrl), Timeout = TimeSpan.FromSeconds(5) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        // The plugin answers before the node takes clients; the listeners it names are those that do.
        await server.WaitUntil(async cancel => await Answer(http, cancel) is { } overview && overview.Contains("\"protocol\":\"amqp\"", StringComparison.Ordinal), cancel);
        return server;
    }

    static async Task<string?> Answer(HttpClient http, CancellationToken cancel)
    {
        try
        {
            return await http.GetStringAsync(new Uri("/api/overview", UriKind.Relative), cancel);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    static void WriteConfiguration(string folder, int port, int managementPort, string user, string password)
    {
        File.WriteAllText(Path.Combine(folder, "env.conf"), "");
        File.WriteAllText(Path.Combine(folder, "enabled_plugins"), "[rabbitmq_management].");
        File.WriteAllText(Path.Combine(folder, "rabbitmq.conf"),
            $"""
            listeners.tcp.1 = 127.0.0.1:{port}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {managementPort}
            default_user = {user}
            default_pass = {password}
            default_permissions.configure = .*
            default_permissions.read = .*
            default_permissions.write = .*
            default_user_tags.administrator = true
            loopback_users = none
            log.console = false
            vm_memory_high_watermark.absolute = 2GB
            disk_free_limit.absolute = 50MB

            """);
        var cookie = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "home")).FullName, ".erlang.cookie");
        if (File.Exists(cookie))
            return;
        File.WriteAllText(cookie, Random.Shared.GetHexString(32));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(cookie, UnixFileMode.UserRead);
    }
}
