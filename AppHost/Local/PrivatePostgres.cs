namespace EnterprisePortal.Local;

/// <summary>A PostgreSQL cluster of its own in a folder, made at the first start, from the machine's binaries; reached over TCP only.</summary>
sealed class PrivatePostgres : PrivateServer
{
    const string User = "portal";

    PrivatePostgres(string folder, int port, string password) : base(folder) =>
        ConnectionString = $"Host=127.0.0.1;Port={port};Username={User};Password={password}";

    /// <summary>Without <c>Database</c>. The user is the cluster's superuser.</summary>
    public string ConnectionString { get; }

    /// <param name="port">0: any free one.</param>
    /// <param name="password">The one of the first start; a cluster keeps it.</param>
    /// <param name="durable">False: no fsync, for tests that throw the folder away.</param>
    public static async Task<PrivatePostgres> Start(string folder, int port, string password, bool durable, Action<int, string>? started, CancellationToken cancel)
    {
        port = port == 0 ? FreePort.Next() : port;
        var server = new PrivatePostgres(folder, port, password);
        var data = Path.Combine(Path.GetFullPath(folder), "data");
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
            await MakeCluster(data, password, cancel);
        string[] careless = durable ? [] : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];
        server.StartChild([.. AsPostgres(data), Binary("postgres"), "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "max_connections=400", .. careless], "INT", started);
        await server.WaitUntil(async cancel => (await Run(Binary("pg_isready"), ["-q", "-h", "127.0.0.1", "-p", $"{port}", "-U", User], cancel)).ExitCode == 0, cancel);
        return server;
    }

    static async Task MakeCluster(string data, string password, CancellationToken cancel)
    {
        var passwordFile = Path.GetTempFileName();
        // Under another name until it is whole: a start that was killed half-way leaves nothing that looks like a cluster.
        var unfinished = data + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        try
        {
            await File.WriteAllTextAsync(passwordFile, password, cancel);
            Directory.CreateDirectory(unfinished);
            if (Environment.IsPrivilegedProcess)
                await Run("chown", ["-R", "postgres:", unfinished, passwordFile], cancel);
            string[] command = [.. AsPostgres(data), Binary("initdb"), "-D", unfinished, "-U", User, $"--pwfile={passwordFile}",
                "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"];
            var (exitCode, said) = await Run(command[0], command[1..], cancel);
            if (exitCode != 0)
                throw new InvalidOperationException($"PostgreSQL could not be set up in {data}:\n{said}");
            Directory.Move(unfinished, data);
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    /// <summary>
    /// PostgreSQL refuses root. setpriv execs, so that the process we started is the postmaster. Below a folder that only root may
    /// enter (a clone in /root) it keeps one right of root's: to walk in.
    /// </summary>
    static string[] AsPostgres(string data) =>
        !Environment.IsPrivilegedProcess ? ["env"]
        : Ancestors(data).All(folder => folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute)) ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        : ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"];

    static IEnumerable<DirectoryInfo> Ancestors(string path)
    {
        for (var folder = Directory.GetParent(path); folder is not null; folder = folder.Parent)
            yield return folder;
    }

    /// <summary>Debian keeps the server's programs off the PATH: /usr/lib/postgresql/15/bin. The newest version wins.</summary>
    static string Binary(string name)
    {
        var versions = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [];
        return versions.OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0)
            .Select(version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"PostgreSQL is not installed ({name} was not found). On Debian or Ubuntu: apt-get install postgresql. Or set ConnectionStrings__postgres.");
    }
}
