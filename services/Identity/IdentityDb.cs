using EnterprisePortal.Contracts.Http;
using EnterprisePortal.Identity.PersonalTokens;
using EnterprisePortal.ServiceDefaults.Database;
using EnterprisePortal.ServiceDefaults.SignIn;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;

namespace EnterprisePortal.Identity;

public sealed class IdentityDb(DbContextOptions<IdentityDb> options) : ServiceDb(options)
{
    public DbSet<PortalUser> Users => Set<PortalUser>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<AccountSession> AccountSessions => Set<AccountSession>();
    public DbSet<ImportedEnterprise> Enterprises => Set<ImportedEnterprise>();
    public DbSet<AccountClient> AccountClients => Set<AccountClient>();
    public DbSet<ServerKey> ServerKeys => Set<ServerKey>();
    public DbSet<PersonalToken> PersonalTokens => Set<PersonalToken>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<PortalUser>().ToTable("portal_user").Property(user => user.Version).IsConcurrencyToken();
        modelBuilder.Entity<Session>().ToTable("session").HasMany(session => session.Entries).WithOne(entry => entry.Session);
        modelBuilder.Entity<AccountSession>().ToTable("account_session").HasKey(entry => new { entry.SessionId, entry.Account });
        modelBuilder.Entity<ImportedEnterprise>().ToTable("enterprise");
        modelBuilder.Entity<AccountClient>().ToTable("account_client").HasKey(client => client.Account);
        modelBuilder.Entity<ServerKey>().ToTable("server_key").HasKey(key => key.Purpose);
        modelBuilder.Entity<PersonalToken>().ToTable("personal_token");
        modelBuilder.UseOpenIddict();
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreApplication>().ToTable("oauth_application");
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreAuthorization>().ToTable("oauth_authorization");
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreScope>().ToTable("oauth_scope");
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreToken>().ToTable("oauth_token");
    }
}

public sealed class PortalUser
{
    public const string
        Invited = UserStatus.Invited, Active = UserStatus.Active, Suspended = UserStatus.Suspended, Deleted = UserStatus.Deleted;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid EnterpriseId { get; init; }
    public required Guid GroupId { get; set; }

    /// <summary>Lower case. Identifies a person until their first sign-in, and never after it.</summary>
    public required string Email { get; init; }
    public required string Name { get; set; }
    public required string Level { get; set; }
    public required string Status { get; set; }
    public string? StaffEmail { get; set; }
    public required string Provider { get; init; }

    /// <summary>
    /// With <see cref="Subject"/>: the identity at the provider, pinned permanently at the first sign-in. It may be a user of several
    /// enterprises.
    /// </summary>
    public string? Issuer { get; set; }
    public string? Subject { get; set; }

    /// <summary>The provider's refresh token, encrypted (<c>ConfirmSessions</c>); the same in every enterprise.</summary>
    public string? ProviderToken { get; set; }
    public long Version { get; set; } = 1;
    public DateTimeOffset? LastSignIn { get; set; }

    public Person In(Session? session) => new(Id, Name, Email, Level, GroupId, session?.Id.ToString() ?? "", StaffEmail);
}

/// <summary>One sign-in on one device; its id is the <c>sid</c> of every token that follows from it.</summary>
public sealed class Session
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public PortalUser User { get; init; } = null!;
    public Guid UserId { get; init; }
    public required string Provider { get; init; }
    public required string Device { get; init; }
    public string? Ip { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When to ask the provider again whether it still knows the person.</summary>
    public DateTimeOffset ConfirmDueAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }
    public List<AccountSession> Entries { get; } = [];
}

/// <summary>
/// A session entered an account: whom to tell when it ends, and whether they were told (<see cref="Sessions.LogOutOfAccounts"/>).
/// </summary>
public sealed class AccountSession
{
    public Guid SessionId { get; init; }
    public Session Session { get; init; } = null!;
    public required string Account { get; init; }
    public required DateTimeOffset EnteredAt { get; set; }

    /// <summary>The login-as staff user of the entry.</summary>
    public string? LoginAs { get; set; }

    /// <summary>The account's address at that time.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>null while the person may stay in the account.</summary>
    public DateTimeOffset? LogoutDueAt { get; set; }
    public int LogoutAttempts { get; set; }

    /// <summary>When the account confirmed it.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

public sealed class ImportedEnterprise
{
    public required Guid Id { get; init; }
    public string Name { get; set; } = "";

    /// <summary>The <c>tid</c>s of tenants that the enterprise trusts: anybody can own a tenant and put any e-mail into it.</summary>
    public string[] MicrosoftTenants { get; set; } = [];
}

/// <summary>The data with which an account is registered, so that a directory that brings no news of it costs nothing.</summary>
public sealed class AccountClient
{
    public required string Account { get; init; }
    public required Guid EnterpriseId { get; init; }
    public required string BaseUrl { get; set; }
    public required string Keys { get; set; }
}

/// <summary>See <see cref="Identity.ServerKeys"/>.</summary>
public sealed class ServerKey
{
    public required string Purpose { get; init; }
    public required byte[] Protected { get; init; }
}
