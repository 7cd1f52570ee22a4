using EnterprisePortal.ServiceDefaults.Messaging;
using Microsoft.EntityFrameworkCore;

namespace EnterprisePortal.ServiceDefaults.Database;

/// <summary>A service's EF Core context. A message published through it is sent if, and only if, its changes are saved.</summary>
public abstract class ServiceDb(DbContextOptions options) : DbContext(options)
{
    /// <param name="notBefore">Delays the message, for work to look at again later.</param>
    public void Publish<T>(T message, DateTimeOffset? notBefore = null) where T : class => Add(OutboxMessage.Of(message, notBefore));

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.Entity<OutboxMessage>(outbox =>
        {
            outbox.ToTable("outbox");
            outbox.HasKey(message => message.Id);
            outbox.Property(message => message.Body).HasColumnType("jsonb");
            outbox.Property(message => message.DueAt).HasDefaultValueSql("now()");
        });
}
